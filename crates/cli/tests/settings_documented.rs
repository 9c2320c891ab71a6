//! The table of settings in `docs/operations.md` is the one that `filmpress config --markdown` prints.
//!
//! `BLESS=1 cargo test -p filmpress --test settings_documented` writes it.

use std::path::Path;
use std::process::Command;

const BEGIN: &str = "<!-- settings: filmpress config --markdown -->\n";
const END: &str = "<!-- end of settings -->\n";

#[test]
fn the_table_in_the_documentation_is_the_one_of_the_program() {
    let printed = Command::new(env!("CARGO_BIN_EXE_filmpress"))
        .args(["config", "--markdown"])
        .output()
        .unwrap();
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    let table = format!("\n{}\n", String::from_utf8(printed.stdout).unwrap().trim());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the page says where the table begins");
    let (documented, after) = rest.split_once(END).expect("and where it ends");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{table}\n{END}{after}")).unwrap();
        return;
    }
    let (documented, table) = (documented.trim(), table.trim());
    let differs = documented.lines().zip(table.lines()).find(|(a, b)| a != b);
    assert_eq!(
        documented, table,
        "first difference: {differs:?}; BLESS=1 writes the table anew"
    );
}
