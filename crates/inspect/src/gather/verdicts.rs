//! Whether each composition can be drawn, with all that is nested in it.

use std::collections::{BTreeMap, BTreeSet};

use filmpress_composition::{Diagnostic, Diagnostics, ItemId, Kind, Place};

use super::{Gather, cut, is_composition, nested};
use crate::limits;
use crate::report::{Finding, Outcome, Verdict};

/// Shortcomings named in the one line.
const IN_SUMMARY: usize = 3;

/// The verdicts; what they rest on goes into `warnings`.
pub(super) fn all(gather: &Gather<'_>, warnings: &mut Diagnostics) -> BTreeMap<ItemId, Verdict> {
    let mut found: BTreeMap<ItemId, Diagnostics> = BTreeMap::new();
    let mut inside: BTreeMap<ItemId, Vec<ItemId>> = BTreeMap::new();
    for (item, composition) in gather.project.compositions() {
        let mut of = gather.survey.warnings(item.id).cloned().unwrap_or_default();
        warnings.extend(of.clone());
        for (message, layers) in gather.survey.fonts(item.id) {
            for layer in layers.iter().take(limits::NAMED) {
                of.push(&Place(vec![item.name.clone(), layer.clone()]), Kind::Missing, message);
            }
        }
        if !of.is_empty() {
            found.insert(item.id, of);
        }
        let is_one = |id: &ItemId| gather.items.get(id).is_some_and(|item| is_composition(item));
        inside.insert(item.id, nested(composition).into_iter().filter(is_one).collect());
    }
    gather.survey.push_fonts(gather.project, warnings);
    let mut left = limits::STEPS;
    let mut verdicts = BTreeMap::new();
    for seen in &gather.compositions {
        let id = seen.item.id;
        let mut met = BTreeSet::from([id]);
        let mut open = vec![id];
        let mut all = Vec::new();
        while let Some(id) = open.pop() {
            all.extend(found.get(&id).into_iter().flat_map(Diagnostics::iter));
            for next in inside.get(&id).into_iter().flatten() {
                left = left.saturating_sub(1);
                if met.insert(*next) {
                    open.push(*next);
                }
            }
            left = left.saturating_sub(1);
        }
        left = left.saturating_sub(all.len());
        if left == 0 {
            let message = "its verdict was not sought: compositions use each other too often";
            warnings.push(&Place(vec![seen.item.name.clone()]), Kind::Limit, message);
            let unknown = Verdict {
                outcome: Outcome::Incomplete,
                summary: message.to_owned(),
                ..Verdict::default()
            };
            verdicts.insert(id, unknown);
            continue;
        }
        verdicts.insert(id, verdict(&all));
    }
    verdicts
}

fn verdict(all: &[&Diagnostic]) -> Verdict {
    let missing = findings(all, |kind| kind == Kind::Missing);
    let not_drawn = findings(all, |kind| matches!(kind, Kind::Unsupported | Kind::Malformed));
    let approximated = findings(all, |kind| matches!(kind, Kind::Approximated | Kind::Limit));
    let parts: Vec<String> = [
        ("missing", &missing),
        ("not drawn", &not_drawn),
        ("approximately", &approximated),
    ]
    .into_iter()
    .filter(|(_, list)| !list.is_empty())
    .map(|(word, list)| format!("{word}: {}", in_a_line(list)))
    .collect();
    Verdict {
        outcome: if missing.len() + not_drawn.len() > 0 {
            Outcome::Incomplete
        } else if approximated.is_empty() {
            Outcome::Full
        } else {
            Outcome::Approximate
        },
        summary: if parts.is_empty() {
            "draws fully".to_owned()
        } else {
            parts.join("; ")
        },
        missing,
        not_drawn,
        approximated,
    }
}

/// The shortcomings of some kinds, those met most often first.
fn findings(all: &[&Diagnostic], is_meant: impl Fn(Kind) -> bool) -> Vec<Finding> {
    let mut by_feature: BTreeMap<&str, Finding> = BTreeMap::new();
    for diagnostic in all.iter().filter(|d| is_meant(d.kind)) {
        let layer: Vec<&str> = diagnostic.place.0.iter().take(2).map(String::as_str).collect();
        let finding = by_feature.entry(&diagnostic.message).or_insert_with(|| Finding {
            feature: cut(&diagnostic.message, limits::NAME),
            count: 0,
            layers: Vec::new(),
        });
        finding.count += 1;
        let layer = cut(&layer.join(" > "), limits::NAME);
        if finding.layers.len() < limits::NAMED && finding.layers.last() != Some(&layer) {
            finding.layers.push(layer);
        }
    }
    let mut list: Vec<Finding> = by_feature.into_values().collect();
    list.sort_by_key(|finding| std::cmp::Reverse(finding.count));
    list.truncate(limits::FINDINGS);
    list
}

fn in_a_line(list: &[Finding]) -> String {
    let one = |finding: &Finding| match finding.count {
        1 => finding.feature.clone(),
        n => format!("{} (in {n} places)", finding.feature),
    };
    let named: Vec<String> = list.iter().take(IN_SUMMARY).map(one).collect();
    let more = list.len() - named.len();
    let more = if more > 0 {
        format!(", and {more} more")
    } else {
        String::new()
    };
    format!("{}{more}", named.join(", "))
}
