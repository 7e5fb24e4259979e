//! What a person or a script sees while it works: on standard error.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use stipple_model::{Caveat, Watch};

use crate::arguments::Shared;
use crate::trouble::Trouble;

/// Shows progress as a bar on a terminal, as JSON lines with `--json`, else not at all.
pub(crate) struct Show {
    started: Instant,
    form: Form,
}

enum Form {
    Bar { bar: ProgressBar, phase: Mutex<&'static str> },
    Json { last: Mutex<(&'static str, i32)> },
    Silent,
}

impl Show {
    pub(crate) fn new(shared: &Shared) -> Self {
        let form = if shared.json && !shared.quiet {
            Form::Json { last: Mutex::new(("", -1)) }
        } else if shared.quiet || !std::io::stderr().is_terminal() {
            Form::Silent
        } else {
            let style = ProgressStyle::with_template("{msg:16} {bar:40} {percent:>3} %  {elapsed}");
            let bar = ProgressBar::with_draw_target(Some(1000), ProgressDrawTarget::stderr());
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            Form::Bar { bar, phase: Mutex::new("") }
        };
        Self { started: Instant::now(), form }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Form::Bar { bar, .. } = &self.form {
            bar.finish_and_clear();
        }
    }
}

impl Watch for Show {
    fn progress(&self, phase: &'static str, share: f64) {
        match &self.form {
            Form::Silent => {}
            Form::Bar { bar, phase: shown } => {
                let mut shown = shown.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                if *shown != phase {
                    *shown = phase;
                    bar.set_message(phase);
                }
                bar.set_position((share.clamp(0.0, 1.0) * 1000.0) as u64);
            }
            Form::Json { last } => {
                let percent = (share.clamp(0.0, 1.0) * 100.0) as i32;
                let mut last = last.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                if *last != (phase, percent) {
                    *last = (phase, percent);
                    let elapsed_s = (self.started.elapsed().as_secs_f64() * 1e4).round() / 1e4;
                    line(&json!({"phase": phase, "percent": percent, "elapsed_s": elapsed_s}));
                }
            }
        }
    }
}

/// Says what is doubtful about a result that was given all the same.
pub(crate) fn caveats(caveats: &[Caveat], shared: &Shared) {
    for caveat in caveats.iter().filter(|_| !shared.quiet) {
        let (weight, code) = (caveat.weight.name(), caveat.code.name());
        if shared.json {
            let (message, remedy) = (&caveat.message, &caveat.remedy);
            let caveat = json!({"code": code, "weight": weight, "message": message, "remedy": remedy});
            line(&json!({"caveat": caveat}));
        } else {
            say(&format!("{weight} ({code}): {} — {}", caveat.message, caveat.remedy));
        }
    }
}

/// Says what a command made.
pub(crate) fn done(message: &str, shared: &Shared) {
    if shared.quiet {
        return;
    }
    if shared.json { line(&json!({"done": message})) } else { say(message) }
}

/// Says which flags had no say in a command that was given all the same.
pub(crate) fn unused(shared: &Shared, from: &str) {
    let given = [
        ("--pixel-pitch-um", shared.pixel_pitch_um.is_some()),
        ("--scar-mask", shared.scar_mask.is_some()),
        ("--no-scar", shared.no_scar),
        ("--scribbles", shared.scribbles.is_some()),
        ("--neutral", shared.neutral.is_some()),
        ("--classical-roots", shared.classical_roots),
    ];
    for (flag, _) in given.into_iter().filter(|(_, given)| *given) {
        done(&format!("{flag} has no say here: this command works from {from}"), shared);
    }
}

/// Says what is wrong with what was typed; help and version come this way too.
///
/// What was typed is not repeated: it may be a name or a path.
pub(crate) fn usage(message: clap::Error) -> ExitCode {
    let message = without_what_was_typed(message);
    let as_json = message.use_stderr() && std::env::args_os().any(|argument| argument == "--json");
    if as_json {
        line(&json!({"error": message.render().to_string().trim_end()}));
    } else {
        // Nobody can be told when the terminal itself is closed.
        let _ = message.print();
    }
    ExitCode::from(if message.use_stderr() { 2 } else { 0 })
}

/// The message with a neutral word in the place of a value or an argument that is none of our flags, nor a plain number.
fn without_what_was_typed(mut message: clap::Error) -> clap::Error {
    let is_flag = |text: &str| {
        text.strip_prefix("--").is_some_and(|flag| flag.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
    };
    let stranger =
        |value: Option<&ContextValue>| matches!(value, Some(ContextValue::String(text)) if !is_flag(text));
    let is_number =
        |text: &str| text.len() <= 40 && text.chars().all(|c| c.is_ascii_digit() || "+-.,eE".contains(c));
    let unknown =
        message.kind() == ErrorKind::UnknownArgument && stranger(message.get(ContextKind::InvalidArg));
    if unknown {
        let hint = "(not repeated here; a name with spaces needs quotes)";
        message.insert(ContextKind::InvalidArg, ContextValue::String(hint.to_owned()));
        message.insert(ContextKind::Suggested, ContextValue::None);
    }
    for kind in [ContextKind::InvalidSubcommand, ContextKind::InvalidValue] {
        let typed = matches!(message.get(kind), Some(ContextValue::String(text)) if !text.is_empty() && !is_number(text));
        if typed {
            message.insert(kind, ContextValue::String("(not repeated here)".to_owned()));
            message.insert(ContextKind::Suggested, ContextValue::None);
        }
    }
    message
}

/// Says why nothing was made; also when quiet.
pub(crate) fn trouble(trouble: &Trouble, shared: &Shared) {
    if shared.json {
        line(&json!({"error": trouble.to_string()}));
    } else {
        say(&format!("stipple: {trouble}"));
    }
}

fn line(value: &serde_json::Value) {
    say(&value.to_string());
}

/// One line on standard error. Nobody can be told when standard error itself is closed.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
