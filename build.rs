//! Embedded folders: a file that is added or removed is noticed too, not only one that changes.

fn main() {
    for folder in ["src/finding/messages", "schemas"] {
        if std::path::Path::new(folder).exists() {
            println!("cargo::rerun-if-changed={folder}");
        }
    }
    println!("cargo::rerun-if-changed=build.rs");
}
