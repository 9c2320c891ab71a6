//! After Effects' object model: projects, items, compositions, layers, property groups and properties.
//!
//! This is the loose tree of the house: readers build it, job assets and scripts edit it, evaluation reads it.
//! Everything is found the way an After Effects scripter finds it, by match name or display name, and groups this
//! crate has never heard of survive untouched.
//!
//! **Units** are those of After Effects' own scripting, whatever the file stored: percent properties 0..100 (scale,
//! opacity), colours `[r, g, b, a]` straight alpha 0..1, angles in degrees clockwise, positions and anchor points in
//! pixels with y down, times in seconds. Defaults that files leave out are present ([`schema`]).
//!
//! No IO.

mod blending_mode;
mod composition;
mod custom;
mod diagnostics;
mod essential_graphics;
mod gradient;
mod keyframe;
mod layer;
pub mod lookup;
mod path;
mod project;
mod property;
pub mod schema;
mod text;
mod value;

pub use blending_mode::BlendingMode;
pub use composition::{Composition, Marker, WorkArea};
pub use custom::{Curves, CustomValue, HueSaturation, HueShift, Levels};
pub use diagnostics::{Diagnostic, Diagnostics, Kind, Place, Warned};
pub use essential_graphics::{
    Control, ControlKind, ControlValue, DrivenProperty, EssentialGraphics, EssentialProperty, MediaSettings, PathStep,
    TextSettings,
};
pub use gradient::{AlphaStop, ColorStop, Gradient};
pub use keyframe::{Handle, Interpolation, Keyframe};
pub use layer::{AutoOrient, Layer, LayerId, LayerKind, LightKind, MatteKind, Quality, Switches, TrackMatte};
pub use path::BezierPath;
pub use project::{
    AlphaInterpretation, ColorManagement, Dialect, FieldOrder, Footage, FootageLayer, FootageSource, Glyph,
    ImageSequence, Item, ItemId, ItemKind, Project, Solid, TimeDisplay,
};
pub use property::{Expression, Group, GroupDetails, MaskMode, MaskMotionBlur, MaskSettings, Node, Property};
pub use text::{
    AutoFit, BoxAlignment, Caps, CharacterStyle, FirstBaseline, Justification, LineCap, LineJoin, ParagraphRun,
    ParagraphStyle, Script, StyleRun, TextBox, TextDocument,
};
pub use value::{Value, ValueType, Vector};
