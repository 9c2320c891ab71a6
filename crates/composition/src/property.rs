//! Property groups and properties: the tree under a layer.

use std::borrow::Cow;
use std::sync::Arc;

use crate::{Keyframe, Value, ValueType};

/// A property's expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// Source text; line ends as `\n`.
    pub text: String,
    /// Whether it is switched on.
    pub enabled: bool,
}

/// A leaf of the tree: a value, possibly keyframed, possibly driven by an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// After Effects' language-independent name, such as `ADBE Opacity`.
    pub match_name: Cow<'static, str>,
    /// Display name: the user's if one was set, else After Effects' English one.
    pub name: Cow<'static, str>,
    /// What the value is made of.
    pub value_type: ValueType,
    /// The value when there are no keyframes.
    pub value: Value,
    /// Keyframes sorted by time; empty means `value` holds throughout.
    pub keyframes: Vec<Keyframe>,
    /// The expression, if any. `value` and `keyframes` are what it starts from.
    pub expression: Option<Expression>,
    /// The id of the slot it gets its value from: Lottie's way to say what may be filled.
    pub slot: Option<Arc<str>>,
}

impl Property {
    /// A static property.
    pub fn new(
        match_name: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        value_type: ValueType,
        value: Value,
    ) -> Self {
        Self {
            match_name: match_name.into(),
            name: name.into(),
            value_type,
            value,
            keyframes: Vec::new(),
            expression: None,
            slot: None,
        }
    }

    /// Replaces value and keyframes, as After Effects' `setValue` does on a property without keyframes.
    pub fn set_value(&mut self, value: Value) {
        self.value = value;
        self.keyframes.clear();
    }

    /// True when the value can differ from one time to another.
    pub fn is_animated(&self) -> bool {
        !self.keyframes.is_empty() || self.expression.as_ref().is_some_and(|e| e.enabled)
    }
}

/// How a mask combines with the masks above it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum MaskMode {
    None,
    #[default]
    Add,
    Subtract,
    Intersect,
    Lighten,
    Darken,
    Difference,
}

/// Whether a mask is blurred by its motion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum MaskMotionBlur {
    #[default]
    SameAsLayer,
    Off,
    On,
}

/// What a mask has beside its properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MaskSettings {
    /// Unique in its layer; effects refer to it.
    pub id: u32,
    /// How it combines.
    pub mode: MaskMode,
    /// Outside instead of inside.
    pub inverted: bool,
    /// RotoBezier: tangents follow from tensions. Readers derive them; the paths hold the result.
    pub roto_bezier: bool,
    /// Locked against editing.
    pub locked: bool,
    /// Motion blur.
    pub motion_blur: MaskMotionBlur,
    /// Feather falls off linearly instead of smoothly.
    pub linear_falloff: bool,
    /// Colour of the outline in the designer's panels, RGB 0..255.
    pub color: [u8; 3],
}

/// What a group has beside its children.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum GroupDetails {
    /// Nothing.
    #[default]
    None,
    /// A mask's settings (`ADBE Mask Atom`).
    Mask(MaskSettings),
    /// A transform group whose position is separated into dimensions: evaluation reads `ADBE Position_0`, `_1`, `_2`
    /// instead of `ADBE Position`.
    SeparatedPosition,
}

/// A named group of properties and groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// After Effects' language-independent name, such as `ADBE Transform Group`.
    pub match_name: Cow<'static, str>,
    /// Display name: the user's if one was set, else After Effects' English one.
    pub name: Cow<'static, str>,
    /// The eye of an effect, shape item or layer style.
    pub enabled: bool,
    /// Children in panel order, top first.
    pub children: Vec<Node>,
    /// What the kind of group adds.
    pub details: GroupDetails,
}

/// A child of a group.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A group.
    Group(Group),
    /// A property.
    Property(Property),
}

impl Node {
    /// The child's match name.
    pub fn match_name(&self) -> &str {
        match self {
            Self::Group(g) => &g.match_name,
            Self::Property(p) => &p.match_name,
        }
    }

    /// The child's display name.
    pub fn name(&self) -> &str {
        match self {
            Self::Group(g) => &g.name,
            Self::Property(p) => &p.name,
        }
    }
}

impl From<Group> for Node {
    fn from(group: Group) -> Self {
        Self::Group(group)
    }
}

impl From<Property> for Node {
    fn from(property: Property) -> Self {
        Self::Property(property)
    }
}

impl Group {
    /// An empty, enabled group.
    pub fn new(match_name: impl Into<Cow<'static, str>>, name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            match_name: match_name.into(),
            name: name.into(),
            enabled: true,
            children: Vec::new(),
            details: GroupDetails::None,
        }
    }

    /// The first child group with this match name.
    pub fn group(&self, match_name: &str) -> Option<&Group> {
        self.groups().find(|g| g.match_name == match_name)
    }

    /// The first child group with this match name, for editing.
    pub fn group_mut(&mut self, match_name: &str) -> Option<&mut Group> {
        self.children.iter_mut().find_map(|child| match child {
            Node::Group(g) if g.match_name == match_name => Some(g),
            _ => None,
        })
    }

    /// The first child property with this match name.
    pub fn property(&self, match_name: &str) -> Option<&Property> {
        self.properties().find(|p| p.match_name == match_name)
    }

    /// The first child property with this match name, for editing.
    pub fn property_mut(&mut self, match_name: &str) -> Option<&mut Property> {
        self.children.iter_mut().find_map(|child| match child {
            Node::Property(p) if p.match_name == match_name => Some(p),
            _ => None,
        })
    }

    /// Child groups in order.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.children.iter().filter_map(|child| match child {
            Node::Group(g) => Some(g),
            Node::Property(_) => None,
        })
    }

    /// Child properties in order.
    pub fn properties(&self) -> impl Iterator<Item = &Property> {
        self.children.iter().filter_map(|child| match child {
            Node::Property(p) => Some(p),
            Node::Group(_) => None,
        })
    }

    /// Calls `f` on every property below, with the groups on the way to it (this group first).
    pub fn visit<'a>(&'a self, f: &mut impl FnMut(&[&'a Group], &'a Property)) {
        fn walk<'a>(group: &'a Group, above: &mut Vec<&'a Group>, f: &mut impl FnMut(&[&'a Group], &'a Property)) {
            above.push(group);
            for child in &group.children {
                match child {
                    Node::Group(g) => walk(g, above, f),
                    Node::Property(p) => f(above, p),
                }
            }
            above.pop();
        }
        walk(self, &mut Vec::new(), f);
    }
}
