//! Expressions and the functions they use.

use super::{Gather, Listed, cut, dialect, path, properties};
use crate::expression::uses;
use crate::limits;
use crate::report::ExpressionReport;

pub(super) fn list(gather: &Gather<'_>) -> Listed<ExpressionReport> {
    let mut list = Listed::new(limits::ENTRIES);
    for (seen, index, layer) in gather.layers() {
        properties(layer, &mut |_, property, trail| {
            let Some(expression) = &property.expression else { return };
            if !list.has_room() {
                return;
            }
            let found = uses(&expression.text);
            let names = |set: std::collections::BTreeSet<String>| -> Vec<String> {
                set.into_iter()
                    .take(limits::INNER)
                    .map(|name| cut(&name, limits::NAME))
                    .collect()
            };
            list.push(ExpressionReport {
                composition: cut(&seen.item.name, limits::NAME),
                composition_id: seen.item.id.0,
                layer: cut(&layer.name, limits::NAME),
                layer_index: index,
                property: path(layer, trail),
                enabled: expression.enabled,
                dialect: dialect(gather.project.dialect),
                functions: names(found.functions),
                unknown: names(found.unknown),
                text: cut(&expression.text, limits::EXPRESSION),
            });
        });
    }
    list
}
