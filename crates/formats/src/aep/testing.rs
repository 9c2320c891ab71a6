//! Writes small projects for tests, chunk by chunk.

/// A leaf chunk.
pub(crate) fn leaf(id: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = id.to_vec();
    out.extend((body.len() as u32).to_be_bytes());
    out.extend(body);
    if body.len() % 2 == 1 {
        out.push(0);
    }
    out
}

/// A list chunk.
pub(crate) fn list(kind: [u8; 4], children: &[Vec<u8>]) -> Vec<u8> {
    let mut body = kind.to_vec();
    body.extend(children.concat());
    leaf(*b"LIST", &body)
}

/// A whole file.
pub(crate) fn rifx(children: &[Vec<u8>]) -> Vec<u8> {
    let mut body = b"Egg!".to_vec();
    body.extend(children.concat());
    let mut out = b"RIFX".to_vec();
    out.extend((body.len() as u32).to_be_bytes());
    out.extend(body);
    out
}
