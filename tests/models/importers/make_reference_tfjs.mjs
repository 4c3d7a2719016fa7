// Runs one TensorFlow.js model on one input, for make_reference_tfjs.py, which says how.
// Writes each output as float32 into the scratch folder; its last line is a JSON list of {name, file, shape}.

import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const tf = createRequire(process.cwd() + "/")("@tensorflow/tfjs");
const job = JSON.parse(process.argv[2]);

await tf.setBackend("cpu");
const stored = JSON.parse(fs.readFileSync(job.model));
const shards = stored.weightsManifest.flatMap((group) => group.paths);
const bytes = Buffer.concat(shards.map((name) => fs.readFileSync(path.join(path.dirname(job.model), name))));
const isGraph = Boolean(stored.modelTopology.node);
const model = await (isGraph ? tf.loadGraphModel : tf.loadLayersModel)({
  load: async () => ({
    ...stored,
    weightSpecs: stored.weightsManifest.flatMap((group) => group.weights),
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  }),
});

const raw = fs.readFileSync(path.join(job.scratch, "input.bin"));
const Numbers = job.dtype === "int32" ? Int32Array : Float32Array;
const picture = tf.tensor(new Numbers(raw.buffer, raw.byteOffset, raw.length / 4), job.shape, job.dtype);

const names = isGraph ? model.outputs.map((output) => output.name) : model.outputNames;
const outputs = [isGraph ? await model.executeAsync({ [job.input]: picture }, names) : model.predict(picture)].flat();
const written = outputs.map((output, i) => {
  const file = `output${i}.bin`;
  fs.writeFileSync(path.join(job.scratch, file), Buffer.from(Float32Array.from(output.dataSync()).buffer));
  return { name: names[i].replace(/:0$/, ""), file, shape: output.shape };
});
console.log(JSON.stringify(written));
