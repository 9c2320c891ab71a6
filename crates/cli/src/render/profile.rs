//! `--profile`: how long each layer and effect takes, for those who make templates.

use std::time::Duration;

use filmpress_evaluate::Scene;
use filmpress_render::Times;

use crate::usage;

/// Layers and effects shown.
const ROWS: usize = 40;

/// The table: layers and effects by time, then all else.
pub(super) fn table(times: &Times, scene: &Scene) -> String {
    let drawn: Duration = times.draw.values().sum();
    let all = (drawn + times.evaluate + times.develop + times.deliver).as_secs_f64();
    let mut lines = vec!["ms/frame   share  what".to_owned()];
    let mut row = |time: Duration, what: &str| {
        let seconds = time.as_secs_f64();
        lines.push(format!(
            "{:8.3}  {:5.1} %  {what}",
            seconds * 1000.0 / f64::from(times.frames.max(1)),
            100.0 * seconds / all.max(1e-9)
        ));
    };
    let mut layers: Vec<_> = times
        .draw
        .iter()
        .filter_map(|(origin, time)| Some((*time, scene.place_of(*origin)?.to_string())))
        .collect();
    layers.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    for (time, place) in layers.iter().take(ROWS) {
        row(*time, place);
    }
    if let Some(rest) = layers.get(ROWS..).filter(|rest| !rest.is_empty()) {
        let time = rest.iter().map(|(time, _)| *time).sum();
        row(time, &format!("{} more layers and effects", rest.len()));
    }
    row(times.draw.get(&0).copied().unwrap_or_default(), "clearing the frame");
    row(times.evaluate, "evaluation: keyframes, text, shapes");
    row(times.develop, "conversion to what is written");
    row(times.deliver, "delivery, waiting for the encoder included");
    lines.push(format!(
        "{} frames, {} of them drawn; the others were the same as the one before.",
        times.frames, times.drawn
    ));
    if let (Some(cpu), Some(peak)) = (usage::cpu(), usage::peak_memory()) {
        lines.push(format!(
            "CPU time: {:.2} s here, {:.2} s in encoders ({:.0} % here). Memory: {peak:.0} MB at most.",
            cpu.own,
            cpu.children,
            100.0 * cpu.own / (cpu.own + cpu.children).max(1e-9)
        ));
    }
    lines.join("\n")
}
