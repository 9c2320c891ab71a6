//! The filmpress program.

fn main() {}
