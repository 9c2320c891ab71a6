//! The Nexrender job: types, validation, states, assets.
