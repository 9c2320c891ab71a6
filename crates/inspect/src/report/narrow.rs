//! A report of some compositions only.

use std::collections::BTreeSet;

use super::Report;

impl Report {
    /// Keeps the compositions of this name and everything nested in them; the names of those there where there is none.
    pub fn narrow(&mut self, name: &str) -> Result<(), Vec<String>> {
        let named = self.compositions.iter().filter(|c| c.name == name);
        let mut kept: BTreeSet<u32> = named.map(|c| c.id).collect();
        if kept.is_empty() {
            return Err(self.compositions.iter().map(|c| c.name.clone()).collect());
        }
        let mut items = kept.clone();
        let mut open: Vec<u32> = kept.iter().copied().collect();
        while let Some(id) = open.pop() {
            let Some(composition) = self.compositions.iter().find(|c| c.id == id) else {
                continue;
            };
            for layer in &composition.layers {
                let Some(source) = layer.source_id else { continue };
                items.insert(source);
                if layer.source_kind == Some("composition") && kept.insert(source) {
                    open.push(source);
                }
            }
        }
        self.compositions.retain(|c| kept.contains(&c.id));
        self.slots.retain(|slot| kept.contains(&slot.composition_id));
        self.panels.retain(|panel| kept.contains(&panel.composition_id));
        self.texts.retain(|text| kept.contains(&text.composition_id));
        self.effects.retain(|effect| kept.contains(&effect.composition_id));
        self.layer_styles.retain(|style| kept.contains(&style.composition_id));
        self.expressions
            .retain(|expression| kept.contains(&expression.composition_id));
        self.footage.retain(|footage| items.contains(&footage.id));
        let fonts: BTreeSet<&str> = self
            .texts
            .iter()
            .flat_map(|t| t.runs.iter().map(|run| run.font.as_str()))
            .collect();
        self.fonts.retain(|font| fonts.contains(font.name.as_str()));
        // A warning belongs to the composition or the footage its place begins with; without a place it is about all.
        let names: BTreeSet<&str> = self.compositions.iter().map(|c| c.name.as_str()).collect();
        let footage: BTreeSet<&str> = self.footage.iter().map(|f| f.name.as_str()).collect();
        self.warnings.retain(|w| {
            let first = w.place.split(" > ").next().unwrap_or_default();
            w.place.is_empty() || names.contains(first) || footage.contains(first)
        });
        Ok(())
    }
}
