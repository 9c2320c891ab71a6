//! New migrations are seen: the macro that takes them in looks at the folder only when this crate is compiled.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
