//! Ids as clients send them.

use crate::error::{Answer, ApiError};

/// What an id looks like, for the API's description.
pub const PATTERN: &str = "^[0-9A-HJKMNP-TV-Z]{26}$";

/// Whether a text may be an id.
pub fn is_id(text: &str) -> bool {
    text.len() == 26
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b.is_ascii_uppercase() && !b"ILOU".contains(&b)))
}

/// Refuses what cannot be an id, where the contract wants that told apart from an id that is not there.
pub fn check(id: &str) -> Answer<()> {
    if is_id(id) {
        Ok(())
    } else {
        Err(ApiError::field("id", PROBLEM))
    }
}

/// What is wrong with a text that is no id.
pub const PROBLEM: &str = "must be an id: 26 digits and upper-case letters without I, L, O and U";

#[cfg(test)]
mod tests {
    use super::is_id;

    #[test]
    fn ids_are_crockfords() {
        assert!(is_id(&filmpress_queue::new_id()));
        for wrong in [
            "",
            "X",
            "01J9ZK3V5YQ2W8N4R6T0B1C2DI",
            "01j9zk3v5yq2w8n4r6t0b1c2d3",
            "01J9ZK3V5YQ2W8N4R6T0B1C2D34",
        ] {
            assert!(!is_id(wrong), "{wrong}");
        }
    }
}
