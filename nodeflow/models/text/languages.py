"""English names of the languages that classifiers know, by code: ISO 639, or Wikipedia's where that has its own."""

from __future__ import annotations

from types import MappingProxyType

_LISTED = """
en English; ru Russian; de German; fr French; it Italian; ja Japanese; es Spanish; ceb Cebuano; tr Turkish;
pt Portuguese; uk Ukrainian; eo Esperanto; pl Polish; sv Swedish; nl Dutch; he Hebrew; zh Chinese; hu Hungarian;
ar Arabic; ca Catalan; fi Finnish; cs Czech; fa Persian; sr Serbian; el Greek; vi Vietnamese; bg Bulgarian; ko Korean;
no Norwegian; mk Macedonian; ro Romanian; id Indonesian; th Thai; hy Armenian; da Danish; ta Tamil; hi Hindi;
hr Croatian; sh Serbo-Croatian; be Belarusian; ka Georgian; te Telugu; kk Kazakh; war Waray; lt Lithuanian;
gl Galician; sk Slovak; bn Bengali; eu Basque; sl Slovenian; kn Kannada; ml Malayalam; mr Marathi; et Estonian;
az Azerbaijani; ms Malay; sq Albanian; la Latin; bs Bosnian; nn Norwegian Nynorsk; ur Urdu; lv Latvian; my Burmese;
tt Tatar; af Afrikaans; oc Occitan; nds Low German; ky Kyrgyz; ast Asturian; tl Tagalog; is Icelandic; ia Interlingua;
si Sinhala; gu Gujarati; km Khmer; br Breton; ba Bashkir; uz Uzbek; bo Tibetan; pa Punjabi; vo Volapük; als Alemannic;
ne Nepali; cy Welsh; jbo Lojban; fy West Frisian; mn Mongolian; lb Luxembourgish; ce Chechen; ug Uyghur; tg Tajik;
sco Scots; sa Sanskrit; cv Chuvash; jv Javanese; min Minangkabau; io Ido; or Odia; as Assamese; new Newar; ga Irish;
mg Malagasy; an Aragonese; ckb Central Kurdish; sw Swahili; bar Bavarian; lmo Lombard; yi Yiddish; arz Egyptian Arabic;
mhr Meadow Mari; azb South Azerbaijani; sah Yakut; pnb Western Punjabi; su Sundanese; bpy Bishnupriya; pms Piedmontese;
ilo Ilocano; wuu Wu Chinese; ku Kurdish; ps Pashto; ie Interlingue; xmf Mingrelian; yue Cantonese; gom Goan Konkani;
li Limburgish; mwl Mirandese; kw Cornish; sd Sindhi; hsb Upper Sorbian; scn Sicilian; gd Scottish Gaelic;
pam Kapampangan; bh Bihari; mai Maithili; vec Venetian; mt Maltese; dv Dhivehi; wa Walloon; mzn Mazanderani;
am Amharic; qu Quechua; eml Emilian-Romagnol; cbk Chavacano; tk Turkmen; rm Romansh; os Ossetian; vls West Flemish;
yo Yoruba; lo Lao; lez Lezgian; so Somali; myv Erzya; diq Zazaki; mrj Hill Mari; dsb Lower Sorbian; frr North Frisian;
ht Haitian Creole; gn Guarani; bxr Buryat; kv Komi; sc Sardinian; nah Nahuatl; krc Karachay-Balkar; bcl Central Bikol;
nap Neapolitan; gv Manx; av Avar; rue Rusyn; xal Kalmyk; pfl Palatine German; dty Doteli; hif Fiji Hindi; co Corsican;
lrc Northern Luri; vep Veps; tyv Tuvan
"""

NAMES = MappingProxyType(dict(each.strip().split(" ", 1) for each in _LISTED.replace("\n", " ").split(";")))
