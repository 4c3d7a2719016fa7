"""The standard node packs, written with the public authoring API only: they can do nothing that yours cannot."""
