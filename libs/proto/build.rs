//! Compiles the contracts in `proto/` without `protoc`, and keeps the descriptor set, options and all.

use std::path::{Path, PathBuf};

use prost::Message as _;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    // Read when it runs: a build script that was copied with its target folder must see the tree that it is run in.
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    println!("cargo:rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    contracts(&root.join("caseload"), &mut files)?;
    files.sort();

    let mut compiler = protox::Compiler::new([&root])?;
    compiler.include_source_info(true).include_imports(true);
    compiler.open_files(&files)?;
    // prost-types would drop our method options, so the raw bytes are kept for prost-reflect.
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(
        out.join("descriptors.bin"),
        compiler.encode_file_descriptor_set(),
    )?;

    let mut descriptors = compiler.file_descriptor_set();
    // Options are read from the raw bytes; types for them would only add comments that break as doctests.
    descriptors
        .file
        .retain(|file| file.package() != "google.api");
    debug_assert!(descriptors.encoded_len() > 0);
    let mut prost = prost_build_config();
    tonic_prost_build::configure()
        .build_transport(false)
        .include_file("contracts.rs")
        .compile_fds_with_config(descriptors, {
            prost.enable_type_names();
            prost
        })?;
    Ok(())
}

fn prost_build_config() -> tonic_prost_build::Config {
    let mut config = tonic_prost_build::Config::new();
    config.bytes(["."]);
    config
}

/// Every `.proto` below a folder.
fn contracts(folder: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            contracts(&path, into)?;
        } else if path.extension().is_some_and(|end| end == "proto") {
            into.push(path);
        }
    }
    Ok(())
}
