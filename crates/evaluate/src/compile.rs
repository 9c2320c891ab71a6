//! What turning the loose tree into typed views needs at hand: the project, the outside, and where we are.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use filmpress_composition::{
    BezierPath, Diagnostics, Gradient, Group, Item, ItemId, Kind, Place, Project, Property, Value, ValueType, schema,
};

use crate::World;
use crate::composition::Composition;
use crate::interpolate::{self, Blended, Moving, Number, Numbers, Track};
use crate::support::{self, Topic};
use crate::text::Typesetter;

/// The state of one [`crate::Scene::new`].
pub(crate) struct Compile<'a> {
    pub project: &'a Project,
    /// Its items by id; of items with the same id the first counts.
    items: HashMap<ItemId, &'a Item>,
    pub world: &'a dyn World,
    /// Sets the texts.
    pub typesetter: Typesetter,
    /// What was found less than perfect in the composition being compiled.
    pub warnings: Diagnostics,
    /// What is wrong with the fonts of that composition: the message, and the layers it is about.
    pub fonts: BTreeMap<String, Vec<String>>,
    /// Layers that nothing needs are compiled too, to be asked about.
    pub whole: bool,
    /// Where we are.
    pub place: Place,
    /// Compositions finished so far; compositions refer to each other by index.
    pub compositions: Vec<Composition>,
    /// Where a finished composition is in `compositions`.
    pub finished: HashMap<ItemId, usize>,
    /// The same of compositions shown with other values than their own, and those values as a text.
    pub variants: HashMap<(ItemId, String), usize>,
    /// Compositions being compiled, outermost first.
    pub open: Vec<ItemId>,
    /// Where layers and effects are, by the numbers they were given.
    pub places: Vec<Place>,
}

impl<'a> Compile<'a> {
    pub fn new(project: &'a Project, world: &'a dyn World) -> Self {
        Self {
            project,
            items: project.items.iter().rev().map(|item| (item.id, item)).collect(),
            world,
            typesetter: Typesetter::new(world.fonts(), &project.glyphs),
            warnings: Diagnostics::new(),
            fonts: BTreeMap::new(),
            whole: false,
            place: Place::default(),
            compositions: Vec::new(),
            finished: HashMap::new(),
            variants: HashMap::new(),
            open: Vec::new(),
            places: Vec::new(),
        }
    }

    /// The item with this id.
    pub fn item(&self, id: ItemId) -> Option<&'a Item> {
        self.items.get(&id).copied()
    }

    /// A number for the current place, from 1 on.
    pub fn origin(&mut self) -> u32 {
        self.places.push(self.place.clone());
        self.places.len() as u32
    }

    /// Reports something about the current place.
    pub fn warn(&mut self, kind: Kind, message: impl Into<String>) {
        self.warnings.push(&self.place, kind, message);
    }

    /// Reports a feature the current place uses, when it is not drawn as After Effects draws it.
    pub fn feature(&mut self, topic: Topic, match_name: &str) {
        if let Some((kind, message)) = support::support(topic, match_name).warning() {
            self.warn(kind, message);
        }
    }

    /// Does something whose warnings nobody needs.
    pub fn silently<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let (warnings, fonts) = (std::mem::take(&mut self.warnings), std::mem::take(&mut self.fonts));
        let result = f(self);
        (self.warnings, self.fonts) = (warnings, fonts);
        result
    }

    /// Does something one step further in.
    pub fn inside<T>(&mut self, name: &str, f: impl FnOnce(&mut Self) -> T) -> T {
        self.place.0.push(name.to_owned());
        let result = f(self);
        self.place.0.pop();
        result
    }

    /// A property of a group, at its kind's default where the group does not have it. Reports its expression.
    pub fn property<'g>(&mut self, group: &'g Group, match_name: &'static str) -> Cow<'g, Property> {
        if let Some(property) = group.property(match_name) {
            self.report_expression(property);
            return Cow::Borrowed(property);
        }
        Cow::Owned(schema::property_definition(&group.match_name, match_name).map_or_else(
            || Property::new(match_name, match_name, ValueType::NoValue, Value::None),
            schema::PropertyDefinition::property,
        ))
    }

    /// The track of a property of one number.
    pub fn number(&mut self, group: &Group, match_name: &'static str) -> Track<Number> {
        interpolate::number(&self.property(group, match_name))
    }

    /// The track of a property at hand, of one number.
    pub fn given_number(&mut self, property: &Property) -> Track<Number> {
        self.report_expression(property);
        interpolate::number(property)
    }

    /// The track of a property at hand that is a point.
    pub fn given_point(&mut self, property: &Property) -> Track<Moving> {
        self.report_expression(property);
        interpolate::point(property)
    }

    /// The track of a property at hand that is a colour.
    pub fn given_color(&mut self, property: &Property) -> Track<Blended<[f64; 4]>> {
        self.report_expression(property);
        interpolate::color(self, property)
    }

    /// Reports a setting of an effect that is not followed, when it asks for something else than what is drawn.
    pub fn ignored_setting(&mut self, effect: &str, parameter: u32, property: &Property) {
        let mut settings = support::ignored_settings().iter();
        let Some(ignored) = settings.find(|i| i.match_name == effect && i.parameter == parameter) else {
            return;
        };
        let mut values = property.keyframes.iter().map(|k| &k.value).chain([&property.value]);
        if values.any(|v| v.as_number().is_some_and(|v| (v - ignored.drawn_as).abs() > 1e-6)) {
            self.inside(&property.name, |c| c.warn(Kind::Approximated, ignored.message));
        }
    }

    /// The track of a property of several numbers; `missing` stands for components its values do not have.
    pub fn numbers<const N: usize>(
        &mut self,
        group: &Group,
        match_name: &'static str,
        missing: f64,
    ) -> Track<Numbers<N>> {
        interpolate::numbers(&self.property(group, match_name), missing)
    }

    /// The track of a property that is a point.
    pub fn point(&mut self, group: &Group, match_name: &'static str) -> Track<Moving> {
        interpolate::point(&self.property(group, match_name))
    }

    /// The track of a property that is a colour.
    pub fn color(&mut self, group: &Group, match_name: &'static str) -> Track<Blended<[f64; 4]>> {
        let property = self.property(group, match_name);
        interpolate::color(self, &property)
    }

    /// The track of a property that is a path.
    pub fn path(&mut self, group: &Group, match_name: &'static str) -> Track<Blended<Arc<BezierPath>>> {
        let property = self.property(group, match_name);
        interpolate::path(self, &property)
    }

    /// The track of a property that is a gradient.
    pub fn gradient(&mut self, group: &Group, match_name: &'static str) -> Track<Blended<Arc<Gradient>>> {
        let property = self.property(group, match_name);
        interpolate::gradient(self, &property)
    }

    /// The value of a property that is a menu: After Effects' 1-based entry, as it is at the start.
    pub fn menu(&mut self, group: &Group, match_name: &'static str) -> u32 {
        interpolate::menu(&self.property(group, match_name))
    }

    fn report_expression(&mut self, property: &Property) {
        if property.expression.as_ref().is_some_and(|e| e.enabled) {
            self.inside(&property.name, |c| {
                c.feature(Topic::Expression, "expression");
            });
        }
    }
}
