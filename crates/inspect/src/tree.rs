//! The property tree of layers as text: match names, display names, values, and the paths to copy into a job.

#![allow(
    clippy::format_push_string,
    reason = "lines are put together from parts; nobody waits for them"
)]

use std::fmt::Write;

use filmpress_composition::{Composition, Group, Layer, LayerKind, Node, Project, Property, Value, ValueType, lookup};

/// Most lines written; what is left out is said in the last one.
const MAX_LINES: usize = 100_000;
/// Characters of a value shown.
const MAX_VALUE: usize = 80;
/// Names listed in an error.
const MAX_LISTED: usize = 20;

/// Why there is no tree to show.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// There is no composition of that name.
    #[error("composition `{name}` not found; compositions there: {there}")]
    Composition {
        /// The name asked for.
        name: String,
        /// Those there.
        there: String,
    },
    /// No layer of those compositions has that name or index.
    #[error("layer `{name}` not found; layers there: {there}")]
    Layer {
        /// The name asked for.
        name: String,
        /// Those there.
        there: String,
    },
}

/// The properties of the layers of `composition` (a job's specification; all compositions without it) that `layer`
/// means: a name, or an index from 1 where no layer has it as its name. A line a group or property: display name, match
/// name in brackets, value, and the path as a `data` asset writes it.
pub fn tree(project: &Project, composition: Option<&str>, layer: Option<&str>) -> Result<String, TreeError> {
    let ids = lookup::compositions(project, composition.unwrap_or("*"));
    if ids.is_empty() {
        return Err(TreeError::Composition {
            name: composition.unwrap_or("*").to_owned(),
            there: listed(project.compositions().map(|(item, _)| item.name.as_str())),
        });
    }
    let wanted: Vec<(&str, &Composition)> = project
        .compositions()
        .filter(|(item, _)| ids.contains(&item.id))
        .map(|(item, c)| (item.name.as_str(), c))
        .collect();
    let named = |l: &Layer| layer.is_none_or(|name| l.name == name);
    let by_name = wanted.iter().any(|(_, c)| c.layers.iter().any(named));
    let index: Option<usize> = layer.filter(|_| !by_name).and_then(|name| name.parse().ok());
    let is_meant = |i: usize, l: &Layer| match index {
        Some(index) => i + 1 == index,
        None => named(l),
    };
    let mut tree = Tree::default();
    let mut met = false;
    for (name, c) in &wanted {
        let mut layers = c.layers.iter().enumerate().filter(|(i, l)| is_meant(*i, l)).peekable();
        if layers.peek().is_none() && layer.is_some() {
            continue;
        }
        tree.line(0, name);
        for (i, layer) in layers {
            met = true;
            tree.layer(i, layer);
        }
    }
    if let (false, Some(name)) = (met, layer) {
        return Err(TreeError::Layer {
            name: name.to_owned(),
            there: listed(wanted.iter().flat_map(|(_, c)| &c.layers).map(|l| l.name.as_str())),
        });
    }
    Ok(tree.finish())
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut list: Vec<String> = names.take(MAX_LISTED + 1).map(|name| format!("`{name}`")).collect();
    if list.len() > MAX_LISTED {
        list.truncate(MAX_LISTED);
        list.push("...".to_owned());
    }
    list.join(", ")
}

#[derive(Default)]
struct Tree {
    text: String,
    lines: usize,
}

impl Tree {
    fn line(&mut self, depth: usize, what: &str) {
        self.lines += 1;
        if self.lines <= MAX_LINES {
            // Names may hold line ends; a line stays a line. Writing into a String cannot fail.
            let what: String = what.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            let _ = writeln!(self.text, "{:width$}{}", "", what.trim_end(), width = 2 * depth);
        }
    }

    fn is_full(&self) -> bool {
        self.lines > MAX_LINES
    }

    fn finish(mut self) -> String {
        if self.lines > MAX_LINES {
            let _ = writeln!(
                self.text,
                "... more than {MAX_LINES} lines; name a composition and a layer"
            );
        }
        self.text
    }

    fn layer(&mut self, i: usize, layer: &Layer) {
        let kind = match layer.kind {
            LayerKind::Av(_) => "av",
            LayerKind::Null => "null",
            LayerKind::Text => "text",
            LayerKind::Shape => "shape",
            LayerKind::Camera => "camera",
            LayerKind::Light(_) => "light",
            LayerKind::Audio(_) => "audio",
            LayerKind::Unknown => "unknown",
        };
        self.line(1, &format!("{} {} ({kind})", i + 1, layer.name));
        self.group(&layer.properties, layer, &mut Vec::new());
    }

    fn group(&mut self, group: &Group, layer: &Layer, trail: &mut Vec<usize>) {
        for (i, child) in group.children.iter().enumerate() {
            if self.is_full() {
                return;
            }
            trail.push(i);
            match child {
                Node::Group(inside) => {
                    let off = if inside.enabled { "" } else { " (off)" };
                    self.line(
                        trail.len() + 1,
                        &format!("{} [{}]{off}", inside.name, inside.match_name),
                    );
                    self.group(inside, layer, trail);
                }
                Node::Property(property) => {
                    let path = lookup::path_to(&layer.properties, trail).unwrap_or_default();
                    self.line(trail.len() + 1, &one(property, &path));
                }
            }
            trail.pop();
        }
    }
}

/// A property in one line.
fn one(property: &Property, path: &str) -> String {
    let mut line = format!("{} [{}]", property.name, property.match_name);
    match property.keyframes.as_slice() {
        [] if property.value_type == ValueType::NoValue => {}
        [] => line += &format!(" = {}", value(&property.value)),
        [only] => line += &format!(" = {} (1 keyframe at {} s)", value(&only.value), round(only.time)),
        [first, .., last] => {
            line += &format!(
                " = {} .. {} ({} keyframes, {} s to {} s)",
                value(&first.value),
                value(&last.value),
                property.keyframes.len(),
                round(first.time),
                round(last.time)
            );
        }
    }
    if let Some(expression) = &property.expression {
        let first = expression
            .text
            .lines()
            .find(|l| !l.trim().is_empty())
            .unwrap_or_default();
        let off = if expression.enabled { "" } else { " (off)" };
        line += &format!("  expression{off}: {}", short(first.trim()));
    }
    if !path.is_empty() && property.value_type != ValueType::NoValue {
        line += &format!("  -- {path}");
    }
    line
}

fn value(value: &Value) -> String {
    match value {
        Value::Vector(v) => match v[..] {
            [x] => round(x).to_string(),
            ref all => {
                let all: Vec<String> = all.iter().map(|x| round(*x).to_string()).collect();
                format!("[{}]", all.join(", "))
            }
        },
        Value::Path(path) => {
            let closed = if path.closed { "closed" } else { "open" };
            format!("{closed} path of {} vertices", path.vertices.len())
        }
        Value::Gradient(gradient) => {
            format!(
                "gradient of {} colours, {} opacities",
                gradient.colors.len(),
                gradient.alphas.len()
            )
        }
        Value::Text(document) => {
            let style = document.first_style();
            format!("{:?} {} {}", short(&document.text), style.font, round(style.size))
        }
        Value::Layer(Some(id)) => format!("layer {}", id.0),
        Value::Mask(Some(id)) => format!("mask {id}"),
        Value::None | Value::Layer(None) | Value::Mask(None) => "none".to_owned(),
        Value::Marker(marker) => format!("marker {:?}", short(&marker.comment)),
        Value::Custom(_) => "data of the effect's own".to_owned(),
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(MAX_VALUE) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
    }
}

/// At most four decimals, none where they are zeros.
fn round(x: f64) -> f64 {
    (x * 10_000.0).round() / 10_000.0 + 0.0
}
