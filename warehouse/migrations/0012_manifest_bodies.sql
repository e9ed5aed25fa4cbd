-- The bytes of a manifest, compressed by zlib: a twelfth of the text, which took most of the time of saving it and most
-- of the warehouse. Rows of before have the text in `manifest`, those of now have it here.
ALTER TABLE manifests ADD COLUMN body BLOB;
