//! The Nexrender Cloud API over HTTP.
