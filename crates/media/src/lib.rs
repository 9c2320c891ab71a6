//! Decoding footage, encoding films.
