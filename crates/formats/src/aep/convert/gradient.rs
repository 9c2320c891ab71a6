//! Gradient colours (`GCst` > `GCky`): XML, one text a keyframe.

use std::sync::Arc;

use filmpress_composition::{AlphaStop, ColorStop, Gradient, Kind, Property, Value, ValueType};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::keyframes::Axis;
use super::notes::Notes;
use super::property;
use crate::aep::raw::Chunk;
use crate::limits::MAX_DEPTH;

pub(super) fn convert(list: &Chunk<'_>, match_name: &str, notes: &mut Notes) -> Property {
    let mut values: Vec<Value> = Vec::new();
    for text in list
        .child_list(*b"GCky")
        .into_iter()
        .flat_map(|keys| keys.leaves(*b"Utf8"))
    {
        let gradient = read(&text.text()).unwrap_or_else(|fault| {
            notes.warn(Kind::Malformed, format!("its gradient colours cannot be read: {fault}"));
            Gradient::default()
        });
        values.push(Value::Gradient(Arc::new(gradient)));
    }
    property::listed(
        list.child_list(*b"tdbs"),
        match_name,
        ValueType::Gradient,
        values,
        Axis::Relative,
    )
}

/// Collects every array of numbers that a `Stops Color` or `Stops Alpha` key names, wherever it is.
fn read(xml: &str) -> Result<Gradient, String> {
    let mut reader = Reader::from_str(xml);
    let mut gradient = Gradient::default();
    let mut key = String::new();
    let mut array: Option<Vec<f64>> = None;
    let (mut in_key, mut in_number, mut depth) = (false, false, 0usize);
    loop {
        match reader.read_event().map_err(|e| e.to_string())? {
            Event::Start(tag) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(format!("nested more than {MAX_DEPTH} deep"));
                }
                match tag.name().as_ref() {
                    "key" => {
                        in_key = true;
                        key.clear();
                    }
                    "array" => array = Some(Vec::new()),
                    "float" | "int" => in_number = true,
                    _ => {}
                }
            }
            Event::Text(text) => {
                if in_key {
                    key.push_str(&text);
                } else if in_number && let Some(array) = &mut array {
                    array.push(text.trim().parse().ok().filter(|x: &f64| x.is_finite()).unwrap_or(0.0));
                }
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                match tag.name().as_ref() {
                    "key" => in_key = false,
                    "float" | "int" => in_number = false,
                    "array" => add_stop(&mut gradient, &key, &array.take().unwrap_or_default()),
                    _ => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    gradient.colors.sort_by(|a, b| a.offset.total_cmp(&b.offset));
    gradient.alphas.sort_by(|a, b| a.offset.total_cmp(&b.offset));
    Ok(gradient)
}

fn add_stop(gradient: &mut Gradient, key: &str, array: &[f64]) {
    match (key, array) {
        ("Stops Color", [offset, midpoint, r, g, b, ..]) => gradient.colors.push(ColorStop {
            offset: *offset,
            midpoint: *midpoint,
            rgb: [*r, *g, *b],
        }),
        ("Stops Alpha", [offset, midpoint, alpha, ..]) => gradient.alphas.push(AlphaStop {
            offset: *offset,
            midpoint: *midpoint,
            alpha: *alpha,
        }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_of_both_kinds_are_read_and_sorted() {
        let stop = |key: &str, numbers: &str| {
            let numbers = numbers.replace(' ', "</float><float>");
            format!(
                "<prop.pair><key>{key}</key><array><array.type><float/></array.type>\
                 <float>{numbers}</float></array></prop.pair>"
            )
        };
        let xml = format!(
            "<?xml version='1.0'?>\n<prop.map version='4'><prop.list>{}{}{}</prop.list></prop.map>",
            stop("Stops Alpha", "0 0.5 1"),
            stop("Stops Color", "1 0.5 0 0 1 1"),
            stop("Stops Color", "0.25 0.3 1 0 0 1"),
        );
        let gradient = read(&xml).unwrap();
        assert_eq!(gradient.alphas.len(), 1);
        let offsets: Vec<f64> = gradient.colors.iter().map(|c| c.offset).collect();
        assert_eq!(offsets, [0.25, 1.0]);
        assert_eq!(gradient.colors[0].rgb, [1.0, 0.0, 0.0]);
        assert_eq!(gradient.colors[0].midpoint, 0.3);
    }

    #[test]
    fn broken_xml_is_an_error() {
        assert!(read("<a><b></a>").is_err());
        assert!(read(&"<a>".repeat(1000)).is_err());
    }
}
