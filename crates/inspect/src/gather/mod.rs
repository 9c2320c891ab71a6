//! Fills the report, one file a list.
//!
//! To add a list: its type in `report/`, a file here with `fn list(&Gather) -> Listed<...>`, its line in [`report`].

mod compositions;
mod effects;
mod expressions;
mod fonts;
mod footage;
mod layers;
mod panels;
mod slots;
mod texts;
mod verdicts;

use std::collections::{BTreeMap, BTreeSet};

use filmpress_composition::{
    CharacterStyle, Composition, Diagnostics, Dialect, Group, Item, ItemId, ItemKind, Kind, Layer, LayerId, Node,
    Place, Project, Property, Warned, lookup,
};
use filmpress_evaluate::text::FontBook;
use filmpress_evaluate::{FootageInfo, Survey, World};
use filmpress_formats::Template;

use crate::limits;
use crate::report::{Report, SCHEMA, WarningReport};
use crate::surroundings::{FootageFile, Surroundings};

/// Everything at hand while a report is filled.
pub(crate) struct Gather<'a> {
    project: &'a Project,
    fonts: &'a FontBook,
    items: BTreeMap<ItemId, &'a Item>,
    /// Compositions told of, in project panel order.
    compositions: Vec<Seen<'a>>,
    files: BTreeMap<ItemId, FootageFile>,
    /// Characters whose outlines the template carries, by font family.
    carried: BTreeMap<&'a str, BTreeSet<char>>,
    survey: Survey,
}

/// A composition and what is wanted of it again and again.
struct Seen<'a> {
    item: &'a Item,
    composition: &'a Composition,
    /// What a job writes to mean it, and no other where that is possible.
    specification: String,
    /// How many compositions that means.
    meant: usize,
    by_id: BTreeMap<LayerId, usize>,
    /// How many layers show each name.
    names: BTreeMap<&'a str, usize>,
    /// How many of its layers are told of.
    told: usize,
}

/// A list that ends where it gets too long.
struct Listed<T> {
    entries: Vec<T>,
    most: usize,
    more: usize,
}

impl<T> Listed<T> {
    fn new(most: usize) -> Self {
        Self {
            entries: Vec::new(),
            most,
            more: 0,
        }
    }

    /// Whether another entry still fits; counts it where not.
    fn has_room(&mut self) -> bool {
        let room = self.entries.len() < self.most;
        self.more += usize::from(!room);
        room
    }

    fn push(&mut self, entry: T) {
        if self.has_room() {
            self.entries.push(entry);
        }
    }

    /// The entries; a warning where some were left out.
    fn finish(self, what: &str, warnings: &mut Diagnostics) -> Vec<T> {
        if self.more > 0 {
            let message = format!(
                "only {} {what} are listed, {} more are not",
                self.entries.len(),
                self.more
            );
            warnings.push(&Place::default(), Kind::Limit, message);
        }
        self.entries
    }
}

/// Fills the report.
pub(crate) fn report(read: &Warned<Template>, name: &str, around: &Surroundings<'_>) -> Report {
    let template = &read.value;
    let project = &template.project;
    let mut warnings = read.warnings.clone();
    let gather = Gather::new(project, around, &mut warnings);
    let main = lookup::main_composition(project, None, template.main_composition).ok();
    let verdicts = verdicts::all(&gather, &mut warnings);
    let texts = texts::list(&gather).finish("texts", &mut warnings);
    let fonts = fonts::list(&gather, template).finish("fonts", &mut warnings);
    let (effects, layer_styles) = effects::lists(&gather);
    let mut report = Report {
        schema: SCHEMA,
        file: name.to_owned(),
        written_by: cut(&project.written_by, limits::NAME),
        bits_per_channel: project.bits_per_channel,
        expression_dialect: dialect(project.dialect),
        main_composition: main.and_then(|id| Some(cut(&gather.items.get(&id)?.name, limits::NAME))),
        main_composition_id: main.map(|id| id.0),
        compositions: compositions::list(&gather, verdicts),
        slots: slots::list(&gather).finish("slots", &mut warnings),
        panels: panels::list(&gather, &mut warnings),
        texts,
        fonts,
        footage: footage::list(&gather).finish("footage items", &mut warnings),
        effects: effects.finish("effects", &mut warnings),
        layer_styles: layer_styles.finish("layer styles", &mut warnings),
        expressions: expressions::list(&gather).finish("expressions", &mut warnings),
        warnings: Vec::new(),
    };
    gather.tell_of_cuts(&mut warnings);
    report.warnings = listed_warnings(&warnings);
    report
}

struct Outside<'a> {
    fonts: &'a FontBook,
    files: &'a BTreeMap<ItemId, FootageFile>,
}

impl World for Outside<'_> {
    fn fonts(&self) -> &FontBook {
        self.fonts
    }

    fn footage(&self, item: ItemId) -> Option<FootageInfo> {
        self.files.get(&item)?.info
    }
}

impl<'a> Gather<'a> {
    fn new(project: &'a Project, around: &Surroundings<'a>, warnings: &mut Diagnostics) -> Self {
        let files = footage::search(project, around, warnings);
        let outside = Outside {
            fonts: around.fonts,
            files: &files,
        };
        let survey = Survey::new(project, &outside);
        let mut carried: BTreeMap<&str, BTreeSet<char>> = BTreeMap::new();
        for glyph in &project.glyphs {
            let list = carried.entry(&glyph.font_family).or_default();
            list.extend(glyph.text.chars().next());
        }
        let mut items = BTreeMap::new();
        for item in &project.items {
            items.entry(item.id).or_insert(item);
        }
        Self {
            project,
            fonts: around.fonts,
            items,
            compositions: seen(project),
            files,
            carried,
            survey,
        }
    }

    /// Layers told of, with their compositions and 1-based indices.
    fn layers(&self) -> impl Iterator<Item = (&Seen<'a>, usize, &'a Layer)> {
        self.compositions.iter().flat_map(|seen| {
            let layers = seen.composition.layers.iter().take(seen.told).enumerate();
            layers.map(move |(i, layer)| (seen, i + 1, layer))
        })
    }

    /// Characters of a text that neither the template nor any font at hand has a glyph for.
    fn without_glyph(&self, style: &CharacterStyle, text: &str) -> BTreeSet<char> {
        match self.carried.get(style.font_family.as_str()) {
            Some(carried) => {
                let rest: String = text.chars().filter(|c| !carried.contains(c)).collect();
                self.fonts.without_glyph(style, &rest)
            }
            None => self.fonts.without_glyph(style, text),
        }
    }

    fn name_of(&self, id: ItemId) -> Option<&'a str> {
        Some(&self.items.get(&id)?.name)
    }

    fn seen(&self, id: ItemId) -> Option<&Seen<'a>> {
        self.compositions.iter().find(|seen| seen.item.id == id)
    }

    /// Names of the folders an item is in, outermost first.
    fn folders(&self, item: &Item) -> Vec<String> {
        let mut names = Vec::new();
        let mut at = item.folder;
        while let Some(folder) = at.and_then(|id| self.items.get(&id)) {
            names.push(cut(&folder.name, limits::NAME));
            at = folder.folder;
            if names.len() > limits::INNER || folder.id == item.id {
                break;
            }
        }
        names.reverse();
        names
    }

    fn tell_of_cuts(&self, warnings: &mut Diagnostics) {
        let all = self.project.compositions().count();
        if all > self.compositions.len() {
            let message = format!(
                "only the first {} of {all} compositions are listed",
                self.compositions.len()
            );
            warnings.push(&Place::default(), Kind::Limit, message);
        }
        for seen in &self.compositions {
            let all = seen.composition.layers.len();
            if all > seen.told {
                let message = format!("only the first {} of {all} layers are listed", seen.told);
                warnings.push(&Place(vec![seen.item.name.clone()]), Kind::Limit, message);
            }
        }
    }
}

/// The compositions told of.
fn seen(project: &Project) -> Vec<Seen<'_>> {
    let mut sharing: BTreeMap<&str, usize> = BTreeMap::new();
    for (item, _) in project.compositions() {
        *sharing.entry(&item.name).or_default() += 1;
    }
    // Where each composition is used, by compositions of a name of their own.
    let mut uses: BTreeMap<ItemId, Vec<(&Item, &Layer)>> = BTreeMap::new();
    for (outer, composition) in project.compositions() {
        if sharing.get(outer.name.as_str()) == Some(&1) {
            for layer in &composition.layers {
                if let Some(id) = layer.source() {
                    uses.entry(id).or_default().push((outer, layer));
                }
            }
        }
    }
    let mut left = limits::LAYERS;
    // Finding the way to a composition of a shared name looks through all of the project.
    let mut tries = limits::NAMED;
    let told = project.compositions().take(limits::COMPOSITIONS);
    told.map(|(item, composition)| {
        let mut names = BTreeMap::new();
        let mut by_id = BTreeMap::new();
        for (i, layer) in composition.layers.iter().enumerate() {
            *names.entry(layer.name.as_str()).or_default() += 1;
            by_id.entry(layer.id).or_insert(i);
        }
        let told = composition.layers.len().min(left);
        left -= told;
        let meant = sharing.get(item.name.as_str()).copied().unwrap_or(1);
        let meant = if item.name == "*" {
            project.compositions().count()
        } else {
            meant
        };
        let way = if meant > 1 {
            let uses = uses.get(&item.id).map(Vec::as_slice).unwrap_or_default();
            way_to(project, item, uses, &mut tries)
        } else {
            None
        };
        let meant = if way.is_some() { 1 } else { meant };
        Seen {
            item,
            composition,
            specification: way.unwrap_or_else(|| item.name.clone()),
            meant,
            by_id,
            names,
            told,
        }
    })
    .collect()
}

/// The way `Outer->Inner` to a composition whose name others have too; `None` where there is none that means it alone.
fn way_to(project: &Project, item: &Item, uses: &[(&Item, &Layer)], tries: &mut usize) -> Option<String> {
    for (outer, layer) in uses {
        for step in [&layer.name, &item.name] {
            *tries = tries.checked_sub(1)?;
            let way = format!("{}->{step}", outer.name);
            if lookup::compositions(project, &way) == [item.id] {
                return Some(way);
            }
        }
    }
    None
}

/// Every property of a layer with its path; at most `most` of them.
fn properties<'a>(layer: &'a Layer, f: &mut impl FnMut(&[&'a Group], &'a Property, &[usize])) {
    fn walk<'a>(
        group: &'a Group,
        above: &mut Vec<&'a Group>,
        trail: &mut Vec<usize>,
        f: &mut impl FnMut(&[&'a Group], &'a Property, &[usize]),
    ) {
        above.push(group);
        for (i, child) in group.children.iter().enumerate() {
            trail.push(i);
            match child {
                Node::Group(inside) => walk(inside, above, trail, f),
                Node::Property(property) => f(above, property, trail),
            }
            trail.pop();
        }
        above.pop();
    }
    walk(&layer.properties, &mut Vec::new(), &mut Vec::new(), f);
}

/// The path of a property as a `data` asset writes it; empty where none leads there.
fn path(layer: &Layer, trail: &[usize]) -> String {
    cut(
        &lookup::path_to(&layer.properties, trail).unwrap_or_default(),
        4 * limits::NAME,
    )
}

fn listed_warnings(warnings: &Diagnostics) -> Vec<WarningReport> {
    let mut list: Vec<WarningReport> = warnings
        .iter()
        .take(limits::WARNINGS)
        .map(|w| WarningReport {
            place: cut(&w.place.to_string(), limits::NAME),
            kind: w.kind.as_str(),
            message: cut(&w.message, limits::NAME),
        })
        .collect();
    if warnings.len() > limits::WARNINGS {
        list.push(WarningReport {
            place: String::new(),
            kind: Kind::Limit.as_str(),
            message: format!("{} more warnings are not listed", warnings.len() - limits::WARNINGS),
        });
    }
    list
}

/// A text's first characters.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
    }
}

/// Finite for JSON.
fn number(x: f64) -> f64 {
    if x.is_finite() { x } else { 0.0 }
}

fn dialect(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::JavaScript => "javascript",
        Dialect::ExtendScript => "extendscript",
    }
}

/// Which compositions each composition has as layers that count when it is drawn.
fn nested(composition: &Composition) -> BTreeSet<ItemId> {
    let mattes: BTreeSet<LayerId> = composition
        .layers
        .iter()
        .filter_map(|l| Some(l.track_matte?.layer))
        .collect();
    let counts = |l: &&Layer| (l.switches.enabled && !l.switches.guide) || mattes.contains(&l.id);
    composition
        .layers
        .iter()
        .filter(counts)
        .filter_map(Layer::source)
        .collect()
}

/// Whether an item is a composition.
fn is_composition(item: &Item) -> bool {
    matches!(item.kind, ItemKind::Composition(_))
}
