//! After Effects projects as XML (`.aepx`): the same tree of chunks as an `.aep`, written out.
//!
//! An element with a `bdata` attribute is a leaf with those bytes in hexadecimal; one without is a list.

use filmpress_composition::{Diagnostics, Kind, Place, Project, Warned};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::ReadError;
use crate::aep::convert;
use crate::aep::raw::{Chunk, ChunkId, WRAPPERS};
use crate::limits::{MAX_DEPTH, MAX_NODES};

/// The name of the outermost element; tells an `.aepx` from other XML.
const ROOT: &str = "AfterEffectsProject";

/// Whether these bytes begin like an `.aepx`.
pub(crate) fn is_aepx(bytes: &[u8]) -> bool {
    let start = bytes.get(..1024).unwrap_or(bytes);
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    text.starts_with(b"<") && text.windows(ROOT.len()).any(|w| w == ROOT.as_bytes())
}

/// Reads the bytes of one `.aepx` file.
pub fn read(bytes: &[u8]) -> Result<Warned<Project>, ReadError> {
    let mut raw = read_raw(bytes)?;
    let mut warnings = raw.warnings;
    let project = convert::project(&mut raw.value).unpack(&mut warnings);
    Ok(Warned::new(project, warnings))
}

/// An element that is still open.
struct Open {
    chunk: Chunk<'static>,
    /// Its text, for `<string>`.
    text: String,
    is_string: bool,
}

fn read_raw(bytes: &[u8]) -> Result<Warned<Chunk<'static>>, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::from_str(&text);
    let mut warnings = Diagnostics::new();
    let mut open: Vec<Open> = Vec::new();
    let mut nodes = 0usize;
    let root = loop {
        let event = match reader.read_event() {
            Ok(Event::Eof) => Err("the file is cut short".to_owned()),
            Ok(event) => Ok(event),
            Err(fault) => Err(format!("byte {}: {fault}", reader.error_position())),
        };
        let event = match event {
            Ok(event) => event,
            // What was read so far is still a tree.
            Err(fault) if !open.is_empty() => {
                warnings.push(&Place::default(), Kind::Malformed, fault);
                while open.len() > 1 {
                    close(&mut open);
                }
                break open.pop().map(|o| o.chunk);
            }
            Err(fault) => return Err(ReadError::Malformed(format!("not an After Effects project: {fault}"))),
        };
        match event {
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                nodes += 1;
                if nodes > MAX_NODES {
                    return Err(ReadError::Limit(format!("more than {MAX_NODES} elements")));
                }
                if open.len() >= MAX_DEPTH {
                    return Err(ReadError::Limit(format!(
                        "elements are nested more than {MAX_DEPTH} deep"
                    )));
                }
                open.push(element(tag, &mut warnings));
                if matches!(event, Event::Empty(_))
                    && let Some(root) = close(&mut open)
                {
                    break Some(root);
                }
            }
            Event::End(_) => {
                if let Some(root) = close(&mut open) {
                    break Some(root);
                }
            }
            Event::Text(text) => add_text(&mut open, &text),
            Event::CData(text) => add_text(&mut open, &text),
            // After Effects writes none. Entities are what they are for, and those are for mischief.
            Event::DocType(_) => {
                return Err(ReadError::Malformed(
                    "not an After Effects project: the file declares a document type, whose entities are refused"
                        .to_owned(),
                ));
            }
            Event::GeneralRef(reference) => {
                let named = match &*reference {
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "amp" => Some('&'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                match named {
                    Some(c) => add_text(&mut open, c.encode_utf8(&mut [0; 4])),
                    None => warnings.push(
                        &Place::default(),
                        Kind::Malformed,
                        format!("the entity `{}` is not known and was left out", &*reference),
                    ),
                }
            }
            _ => {}
        }
    };
    match root {
        Some(root) => Ok(Warned::new(root, warnings)),
        None => Err(ReadError::Malformed(
            "not an After Effects project: it is empty".to_owned(),
        )),
    }
}

fn add_text(open: &mut [Open], text: &str) {
    if let Some(inner) = open.last_mut().filter(|o| o.is_string) {
        inner.text.push_str(text);
    }
}

/// Ends the innermost element; the outermost one is returned.
fn close(open: &mut Vec<Open>) -> Option<Chunk<'static>> {
    let mut ended = open.pop()?;
    if ended.is_string {
        ended.chunk = Chunk::leaf(*b"Utf8", ended.text.into_bytes());
    }
    match open.last_mut() {
        Some(parent) => {
            parent.chunk.children.push(ended.chunk);
            None
        }
        None => Some(ended.chunk),
    }
}

fn element(tag: &BytesStart<'_>, warnings: &mut Diagnostics) -> Open {
    let name = tag.local_name();
    let name: &str = name.as_ref();
    let id = chunk_id(name);
    let mut attributes = Vec::new();
    for attribute in tag.attributes().with_checks(false).flatten() {
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map(std::borrow::Cow::into_owned)
            .unwrap_or_default();
        attributes.push((attribute.key.as_ref().to_owned(), value));
    }
    let data = attributes.iter().find(|(key, _)| key == "bdata");
    let chunk = if name == "fileReference" {
        let path: serde_json::Map<String, serde_json::Value> =
            attributes.into_iter().map(|(key, value)| (key, value.into())).collect();
        let text = serde_json::Value::Object(path).to_string();
        Chunk::leaf(*b"alas", text.into_bytes())
    } else if let Some((_, hexadecimal)) = data {
        let bytes = unhex(hexadecimal).unwrap_or_else(|| {
            warnings.push(
                &Place::default(),
                Kind::Malformed,
                format!("the bytes of an element `{name}` are not hexadecimal"),
            );
            Vec::new()
        });
        Chunk {
            is_list: id == *b"btdk",
            ..Chunk::leaf(id, bytes)
        }
    } else if WRAPPERS.contains(&id) {
        Chunk::leaf(id, Vec::new())
    } else {
        Chunk::list(id, Vec::new())
    };
    Open {
        chunk,
        text: String::new(),
        is_string: name == "string",
    }
}

/// Element names are chunk ids without the blanks at their end.
fn chunk_id(name: &str) -> ChunkId {
    let mut id = *b"    ";
    for (to, from) in id.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    id
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        let digit = c.to_digit(16)? as u8;
        match high.take() {
            None => high = Some(digit),
            Some(h) => bytes.push(h << 4 | digit),
        }
    }
    high.is_none().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<AfterEffectsProject xmlns="http://www.adobe.com/products/aftereffects" majorVersion="1">
 <Fold>
  <Item><idta bdata="0001 00"/><string>A &amp; B &#xE9;</string>
   <Pin><Als2><fileReference fullpath="/a/b&amp;c.png" target_is_folder="0"/></Als2></Pin>
   <tdsn><string>Title</string></tdsn>
   <btds><btdk bdata="2f30"/></btds>
  </Item>
 </Fold>
</AfterEffectsProject>"#;

    #[test]
    fn elements_are_the_chunks_of_a_binary_project() {
        assert!(is_aepx(SMALL.as_bytes()));
        let read = read_raw(SMALL.as_bytes()).unwrap();
        assert!(read.warnings.is_empty());
        let fold = read.value.child_list(*b"Fold").unwrap();
        let item = fold.child_list(*b"Item").unwrap();
        assert_eq!(item.child(*b"idta").unwrap().data.as_ref(), [0, 1, 0]);
        assert_eq!(item.name(*b"Utf8").unwrap(), "A & B \u{E9}");
        assert_eq!(item.name(*b"tdsn").unwrap(), "Title");
        let path = item.child_list(*b"Pin ").unwrap().child_list(*b"Als2").unwrap();
        assert!(
            path.child(*b"alas")
                .unwrap()
                .text()
                .contains(r#""fullpath":"/a/b&c.png""#)
        );
        let blob = item.child_list(*b"btds").unwrap().child_list(*b"btdk").unwrap();
        assert_eq!(blob.data.as_ref(), b"/0");
    }

    #[test]
    fn a_file_cut_anywhere_does_not_panic() {
        for end in 0..SMALL.len() {
            let Some(part) = SMALL.get(..end) else { continue };
            if let Ok(read) = read_raw(part.as_bytes()) {
                assert!(!read.warnings.is_empty(), "cut at {end} without a word");
            }
        }
    }

    #[test]
    fn bytes_that_are_not_hexadecimal_are_said() {
        let read = read_raw(b"<AfterEffectsProject><cdta bdata=\"0g\"/></AfterEffectsProject>").unwrap();
        assert_eq!(read.warnings.len(), 1);
        assert_eq!(unhex("0a F"), None);
    }

    #[test]
    fn nesting_has_a_limit() {
        let deep = format!("<AfterEffectsProject>{}", "<tdgp>".repeat(1000));
        assert!(matches!(read_raw(deep.as_bytes()), Err(ReadError::Limit(_))));
    }
}
