//! The Essential Graphics panel of a composition: the controls a template's author offers to whoever fills it.
//!
//! A control belongs to the composition whose panel lists it and drives a property of a layer, often of another
//! composition further in. Where that property is in the tree: [`crate::lookup::driven_property`].

use std::collections::BTreeMap;

use crate::{ItemId, LayerId, Property, Value, Vector};

/// The panel of one composition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EssentialGraphics {
    /// The name the template is exported under.
    pub name: String,
    /// Controls in panel order; those of a group are inside it.
    pub controls: Vec<Control>,
}

/// A control of the panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// Unique in the template: a UUID in lower-case hexadecimal. A `.mogrt`'s description and the overrides of nested
    /// compositions name controls by it.
    pub id: String,
    /// The name shown, in the first language the template has.
    pub name: String,
    /// Names by locale, such as `en_US`, where the template names any.
    pub names: BTreeMap<String, String>,
    /// What sort of control it is, with its settings.
    pub kind: ControlKind,
    /// Its value, as the panel shows it; `None` for groups, media and where the file does not say.
    pub value: Option<ControlValue>,
    /// The properties it drives, usually one; none for groups and comments.
    pub drives: Vec<DrivenProperty>,
}

/// Sorts of controls.
#[derive(Clone, Debug, PartialEq)]
pub enum ControlKind {
    /// On or off.
    Checkbox,
    /// A number.
    Slider {
        /// Smallest number that can be chosen.
        min: Option<f64>,
        /// Largest number that can be chosen.
        max: Option<f64>,
    },
    /// An angle in degrees.
    Angle,
    /// A colour.
    Color,
    /// A point in pixels.
    Point,
    /// A text.
    Text(TextSettings),
    /// A text for the reader; nothing to set.
    Comment,
    /// A scale in percent.
    Scale {
        /// How many dimensions are shown, 2 or 3.
        dimensions: u32,
        /// Whether they change together.
        linked: bool,
    },
    /// A heading with controls under it.
    Group {
        /// Whether it is shown opened.
        expanded: bool,
        /// The controls in it, in panel order.
        controls: Vec<Control>,
    },
    /// One of several choices; the value counts them from 1.
    Dropdown {
        /// The choices in order.
        choices: Vec<String>,
    },
    /// Footage to be replaced.
    Media(MediaSettings),
    /// A sort this version does not know, by its number in the file.
    Unknown(u32),
}

impl ControlKind {
    /// The lower-case word used in reports and JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Checkbox => "checkbox",
            Self::Slider { .. } => "slider",
            Self::Angle => "angle",
            Self::Color => "color",
            Self::Point => "point",
            Self::Text(_) => "text",
            Self::Comment => "comment",
            Self::Scale { .. } => "scale",
            Self::Group { .. } => "group",
            Self::Dropdown { .. } => "dropdown",
            Self::Media(_) => "media",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// What may be changed of a text beside its words, and the font it starts with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextSettings {
    /// PostScript name of the font; `None` where the file does not say.
    pub font: Option<String>,
    /// Size in pixels; `None` where the file does not say.
    pub size: Option<f64>,
    /// Whether the font may be changed.
    pub font_is_editable: bool,
    /// Whether the size may be changed.
    pub size_is_editable: bool,
    /// Whether faux bold, faux italic and capitals may be changed.
    pub style_is_editable: bool,
}

/// What replaced footage must fit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MediaSettings {
    /// Width in pixels of what is there now.
    pub width: u32,
    /// Height in pixels of what is there now.
    pub height: u32,
    /// First moment used, seconds.
    pub start: f64,
    /// End of what is used, seconds.
    pub end: f64,
}

/// A control's value.
#[derive(Clone, Debug, PartialEq)]
pub enum ControlValue {
    /// Of a checkbox.
    Checkbox(bool),
    /// Of a slider, or an angle in degrees.
    Number(f64),
    /// Of a point in pixels, or a scale in percent.
    Numbers(Vector),
    /// Of a colour: red, green, blue, alpha 0..1.
    Color([f64; 4]),
    /// Of a dropdown: which choice, from 1.
    Choice(u32),
    /// Of a text or comment; lines end with `\n`.
    Text(String),
}

/// A property a control drives, as the file names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrivenProperty {
    /// The composition the layer is in.
    pub composition: ItemId,
    /// The layer.
    pub layer: LayerId,
    /// The way from the layer to the property.
    pub path: Vec<PathStep>,
}

/// A step of the way to a driven property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathStep {
    /// The match name of the group or property.
    pub match_name: String,
    /// Its place among its siblings as After Effects counts them, from 0; `None` where its name suffices. Parameters of
    /// effects count a hidden first one, which is not in the tree.
    pub index: Option<u32>,
}

/// A value a layer shows its composition with, instead of that composition's own: an Essential Property. Its name and
/// value are in the layer's tree, below [`crate::schema::ESSENTIAL_PROPERTIES`].
#[derive(Clone, Debug, PartialEq)]
pub struct EssentialProperty {
    /// The id of the control, in the panel of the composition the layer shows.
    pub control: String,
    /// Child indices from the group of Essential Properties; they lead to a group for groups and comments.
    pub trail: Vec<usize>,
    /// The composition's own value as the file repeats it, where the layer does not override it. `None` is overridden.
    pub inherited: Option<Value>,
    /// The item shown instead, where the control replaces media and the layer has a replacement.
    pub source: Option<ItemId>,
}

impl EssentialProperty {
    /// Whether the layer has a value of its own: the file says so, or it was changed since. `property` is the one the
    /// trail leads to.
    pub fn is_overridden(&self, property: &Property) -> bool {
        match &self.inherited {
            None => true,
            Some(inherited) => property.is_animated() || property.value != *inherited,
        }
    }
}

impl Control {
    /// The controls of a group; empty for others.
    pub fn controls(&self) -> &[Self] {
        match &self.kind {
            ControlKind::Group { controls, .. } => controls,
            _ => &[],
        }
    }
}

impl EssentialGraphics {
    /// Every control with how many groups it is in, groups before what is in them: the panel from top to bottom.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Control)> {
        let mut open = vec![self.controls.iter()];
        std::iter::from_fn(move || {
            loop {
                let depth = open.len().checked_sub(1)?;
                match open.last_mut()?.next() {
                    Some(control) => {
                        open.push(control.controls().iter());
                        return Some((depth, control));
                    }
                    None => drop(open.pop()),
                }
            }
        })
    }

    /// The control with this id.
    pub fn control(&self, id: &str) -> Option<&Control> {
        self.iter().map(|(_, control)| control).find(|c| c.id == id)
    }

    /// The control with this id, for editing.
    pub fn control_mut(&mut self, id: &str) -> Option<&mut Control> {
        fn find<'a>(controls: &'a mut [Control], id: &str) -> Option<&'a mut Control> {
            for control in controls {
                if control.id == id {
                    return Some(control);
                }
                if let ControlKind::Group { controls, .. } = &mut control.kind
                    && let Some(found) = find(controls, id)
                {
                    return Some(found);
                }
            }
            None
        }
        find(&mut self.controls, id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(id: &str, kind: ControlKind) -> Control {
        Control {
            id: id.to_owned(),
            name: id.to_owned(),
            names: BTreeMap::new(),
            kind,
            value: None,
            drives: Vec::new(),
        }
    }

    #[test]
    fn the_panel_is_walked_from_top_to_bottom() {
        let group = |id, controls| {
            control(
                id,
                ControlKind::Group {
                    expanded: true,
                    controls,
                },
            )
        };
        let leaf = |id| control(id, ControlKind::Checkbox);
        let mut panel = EssentialGraphics {
            name: String::new(),
            controls: vec![
                leaf("a"),
                group("b", vec![leaf("c"), group("d", vec![leaf("e")])]),
                leaf("f"),
            ],
        };
        let found: Vec<_> = panel.iter().map(|(depth, c)| (depth, c.id.clone())).collect();
        let expected = [(0, "a"), (0, "b"), (1, "c"), (1, "d"), (2, "e"), (0, "f")];
        assert_eq!(found, expected.map(|(depth, id)| (depth, id.to_owned())));
        panel.control_mut("e").unwrap().name = "E".to_owned();
        assert_eq!(panel.control("e").unwrap().name, "E");
        assert!(panel.control("x").is_none());
    }
}
