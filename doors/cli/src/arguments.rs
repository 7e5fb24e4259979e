//! What can be typed.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use stipple_model::{HAIRLINE_DEPTH_MM, PIXEL_PITCH_UM};
use stipple_pipeline::HEAD_RADIUS_MM;
use stipple_pipeline::synthetic::Nuisance;

/// What the program is, in one line.
const ABOUT: &str = "Scalp micropigmentation over scars, measured: from a photograph to a plan of every dot.";

/// What can be typed.
#[derive(Parser, Debug)]
#[command(name = "stipple", version, about = ABOUT, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// The whole way: read, assess, plan, preview and report.
    Consult(Consult),
    /// Measure skin, hair and scars in a photograph.
    Read(Read),
    /// Say whether treatment is suitable, and why.
    Assess(Assess),
    /// Place every dot, in millimetres.
    Plan(Plan),
    /// Show a plan on its photograph at a moment after treatment.
    Preview(Preview),
    /// Tell what a treatment did, from a photograph before and one after.
    Outcome(Outcome),
    /// Tell how dots fade on one person, and when a touch-up is due, from outcomes at several visits.
    Fading(Fading),
    /// Tell how far people agree who rated the same pictures, from a table of scores.
    Agreement(Agreement),
    /// Place dots on the surface of a head, from a 3-D scan.
    Head(Head),
    /// Make one person's days of care after a session: a calendar for their phone, a page to print.
    Aftercare(Aftercare),
    /// Make a synthetic scalp with its truth.
    Synth(Synth),
    /// Make the reference card to print.
    Card(Card),
    /// Write the shipped protocol, rules or questions as a file to edit.
    Template(Template),
    /// Open the studio: clients, photographs, plans and previews, in the browser.
    Serve(Serve),
    /// Copy everything a studio holds into a new folder, while it works.
    Backup(Backup),
    /// Put a backup into a new folder.
    Restore(Restore),
    /// Check a published picture, a published folder, a backup (by restoring it for a trial), or a studio as it is.
    Verify(Verify),
    /// Check the chain of what was done in a studio, or write down where it ends.
    #[command(subcommand)]
    Audit(Audit),
    /// Works on strangers' files for the studio, which starts it.
    #[command(hide = true)]
    Worker,
}

#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Folder that holds everything; made if it is not there.
    #[arg(long, value_name = "DIR", default_value = "stipple-data")]
    pub(crate) data: PathBuf,
    /// Address to listen on. Other machines reach it only through a proxy with TLS.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8321")]
    pub(crate) listen: SocketAddr,
    /// Another name, with its port if any, by which browsers reach it; may be repeated.
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Vec<String>,
    /// Let more clinics be made than the first; they do not see one another.
    #[arg(long)]
    pub(crate) several_clinics: bool,
    /// Settings of a mail server, TOML that only you can read; without it nothing is ever sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) mail: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Backup {
    /// Folder of the studio.
    #[arg(long, value_name = "DIR", default_value = "stipple-data")]
    pub(crate) data: PathBuf,
    /// New folder for the backup.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Restore {
    /// Folder of a backup.
    pub(crate) backup: PathBuf,
    /// New folder for the studio.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// List of clients who were erased, and consents that were taken back, since the backup: erased.txt of the studio's folder or
    /// of a later backup; `none` where no such list is left.
    #[arg(long, value_name = "TXT|none")]
    pub(crate) erased: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// A published JPEG, a published folder, or the folder of a backup, which is restored into one that is thrown away.
    #[arg(required_unless_present = "data", conflicts_with = "data")]
    pub(crate) what: Option<PathBuf>,
    /// Folder of a studio.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Certificates of whom you trust, as they gave them to you: what is published has to be signed by one of them.
    #[arg(long, value_name = "PEM", conflicts_with = "data")]
    pub(crate) anchor: Option<PathBuf>,
    /// Folder with the originals of a published JPEG, such as a client's whole record, unpacked: the picture is made again from
    /// them and compared. Files are found by what they hold, not by their names.
    #[arg(long, value_name = "DIR", conflicts_with = "data")]
    pub(crate) originals: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Look whether every row of what was done is as it was written, with the entries of clients' books and the texts that rows are bound to; photographs and results are looked at by `stipple verify --data`.
    Verify(AuditVerify),
    /// Write down where the chain ends, to be kept where nobody who can change the studio comes.
    Head(AuditHead),
}

#[derive(Args, Debug)]
pub(crate) struct AuditVerify {
    /// Folder of the studio.
    #[arg(long, value_name = "DIR", default_value = "stipple-data")]
    pub(crate) data: PathBuf,
    /// A head that was written down earlier: shows a chain that was cut off or made anew.
    #[arg(long, value_name = "JSON")]
    pub(crate) head: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct AuditHead {
    /// Folder of the studio.
    #[arg(long, value_name = "DIR", default_value = "stipple-data")]
    pub(crate) data: PathBuf,
    /// Where to write the head.
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
}

/// Over the flags that tell of a photograph; commands that work from its reading or plan say that they have no say.
const READING: &str = "For commands that read a photograph";

/// Flags that every command understands.
#[derive(Args, Debug)]
pub(crate) struct Shared {
    /// Known size of a pixel on the scalp, µm (otherwise the card, otherwise an estimate).
    #[arg(long, global = true, help_heading = READING, value_name = "UM", value_parser = pixel_pitch, allow_negative_numbers = true)]
    pub(crate) pixel_pitch_um: Option<f64>,
    /// Picture of the photograph's size, white where the scar is; replaces the automatic outline.
    #[arg(long, global = true, help_heading = READING, value_name = "PNG")]
    pub(crate) scar_mask: Option<PathBuf>,
    /// There is no scar: propose none, where bald skin or a parting would pass for one.
    #[arg(long, global = true, help_heading = READING, conflicts_with_all = ["scar_mask", "scribbles"])]
    pub(crate) no_scar: bool,
    /// Strokes or a box that say where the scar is; they correct the automatic outline, or that of --scar-mask.
    #[arg(long, global = true, help_heading = READING, value_name = "JSON")]
    pub(crate) scribbles: Option<PathBuf>,
    /// A place in the photograph that is neutral gray or white, in pixels.
    #[arg(long, global = true, help_heading = READING, value_name = "X,Y", value_parser = place)]
    pub(crate) neutral: Option<(f64, f64)>,
    /// Find the roots of hair without the learned root head: faster, less exact.
    #[arg(long, global = true, help_heading = READING)]
    pub(crate) classical_roots: bool,
    /// Seed of everything drawn by chance; the same seed gives the same files.
    #[arg(long, global = true, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Threads to use (default: all cores). Results do not depend on it.
    #[arg(long, global = true, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// Say nothing but errors.
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
    /// Progress and messages as JSON lines on standard error.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Consult {
    /// The photograph: JPEG, PNG, WebP, TIFF, HEIC or camera RAW.
    pub(crate) photo: PathBuf,
    /// Folder for the results; all of them are written or none.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[derive(Args, Debug)]
pub(crate) struct Read {
    /// The photograph: JPEG, PNG, WebP, TIFF, HEIC or camera RAW.
    pub(crate) photo: PathBuf,
    /// Where the reading goes.
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    /// Where the scar's outline goes, as a picture.
    #[arg(long, value_name = "PNG")]
    pub(crate) scar_mask_out: Option<PathBuf>,
    /// Where the map of hair density goes, as a picture.
    #[arg(long, value_name = "PNG")]
    pub(crate) hair_map_out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Assess {
    /// A reading.
    pub(crate) reading: PathBuf,
    /// Where the assessment goes.
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[derive(Args, Debug)]
pub(crate) struct Plan {
    /// A reading.
    pub(crate) reading: PathBuf,
    /// Where the plan goes.
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    /// The practitioner's protocol (default: the shipped one).
    #[arg(long, value_name = "TOML")]
    pub(crate) protocol: Option<PathBuf>,
    /// Where the dots go, as a drawing in millimetres.
    #[arg(long, value_name = "SVG")]
    pub(crate) svg: Option<PathBuf>,
    /// Where the stencil goes, true to size.
    #[arg(long, value_name = "PDF")]
    pub(crate) stencil: Option<PathBuf>,
    /// Where the dots go, as a table: one row a dot, in working order.
    #[arg(long, value_name = "CSV")]
    pub(crate) csv: Option<PathBuf>,
    /// Where the dots go, drawn over the photograph.
    #[arg(long, value_name = "PNG", requires = "photo")]
    pub(crate) overlay: Option<PathBuf>,
    /// The photograph that was read, for --overlay.
    #[arg(long, requires = "overlay")]
    pub(crate) photo: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) drawn: Drawn,
    #[command(flatten)]
    pub(crate) after: After,
}

/// An earlier plan of the same reading, protocol and drawing: its later sessions are planned anew around the dots that
/// healed.
#[derive(Args, Debug)]
pub(crate) struct After {
    /// An earlier plan of this reading: plan its later sessions anew, around the dots that healed.
    #[arg(long, value_name = "PLAN", requires = "healed", requires = "done")]
    pub(crate) after: Option<PathBuf>,
    /// The dots seen healed, as a table of places (CSV): header x,y, pixels of the plan's photograph.
    #[arg(long, value_name = "CSV", requires = "after")]
    pub(crate) healed: Option<PathBuf>,
    /// How many sessions of the earlier plan are done.
    #[arg(long, value_name = "N", requires = "after")]
    pub(crate) done: Option<u32>,
}

impl After {
    /// The files given.
    pub(crate) fn files(&self) -> [Option<&PathBuf>; 2] {
        [self.after.as_ref(), self.healed.as_ref()]
    }
}

/// What to treat besides scars, as tables of places (CSV): a header x,y, then a place in photograph pixels on every line.
#[derive(Args, Debug)]
pub(crate) struct Drawn {
    /// Outline of an area where hair is thinning: dots go between the hairs that stand.
    #[arg(long, value_name = "CSV")]
    pub(crate) thinning: Option<PathBuf>,
    /// Line at which hair is to begin, in order along it; the front becomes soft and irregular.
    #[arg(long, value_name = "CSV")]
    pub(crate) hairline: Option<PathBuf>,
    /// How far behind the hairline dots may go, mm (5–150).
    #[arg(long, value_name = "MM", default_value_t = 30.0, value_parser = depth, allow_negative_numbers = true, requires = "hairline")]
    pub(crate) hairline_depth_mm: f64,
    /// A place on the side of the hairline where hair is to grow, in pixels (default: the side where hair was read).
    #[arg(long, value_name = "X,Y", value_parser = place, requires = "hairline")]
    pub(crate) hairline_hair: Option<(f64, f64)>,
}

impl Drawn {
    /// The files given.
    pub(crate) fn files(&self) -> [Option<&PathBuf>; 2] {
        [self.thinning.as_ref(), self.hairline.as_ref()]
    }
}

#[derive(Args, Debug)]
pub(crate) struct Preview {
    /// A plan.
    pub(crate) plan: PathBuf,
    /// The photograph that the plan was made on.
    #[arg(long)]
    pub(crate) photo: PathBuf,
    /// When to show it.
    #[arg(long, value_enum)]
    pub(crate) moment: MomentName,
    /// Under what light (default: that of the photograph).
    #[arg(long, value_enum)]
    pub(crate) light: Option<LightName>,
    /// Which course of healing and fading: about one person in ten fades faster than faint, one stays above strong.
    #[arg(long, value_enum, default_value_t = CourseName::Likely)]
    pub(crate) course: CourseName,
    /// How far the eye is, m (0.2–20; default: as near as the camera).
    #[arg(long, value_name = "M", allow_negative_numbers = true)]
    pub(crate) distance_m: Option<f64>,
    /// How much longer the hair is than in the photograph, mm (0–3).
    #[arg(long, value_name = "MM", default_value_t = 0.0, allow_negative_numbers = true)]
    pub(crate) hair_growth_mm: f64,
    /// Where the picture goes.
    #[arg(long, value_name = "PNG")]
    pub(crate) out: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Outcome {
    /// The photograph before the treatment; --scar-mask, --scribbles and --neutral are about it.
    pub(crate) before: PathBuf,
    /// The photograph after.
    pub(crate) after: PathBuf,
    /// Where the outcome goes.
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    /// The plan that was worked by, made on the photograph before: its dots are looked for.
    #[arg(long, value_name = "PLAN")]
    pub(crate) plan: Option<PathBuf>,
    /// How many sessions of the plan are done (default: all).
    #[arg(long, value_name = "N", requires = "plan", value_parser = clap::value_parser!(u32).range(1..=100), allow_negative_numbers = true)]
    pub(crate) done: Option<u32>,
    /// Days from the last session to the photograph after.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=36_500), allow_negative_numbers = true)]
    pub(crate) days_since_last_session: Option<u32>,
    /// Known size of a pixel of the photograph after, µm (default: that of --pixel-pitch-um).
    #[arg(long, value_name = "UM", value_parser = pixel_pitch, allow_negative_numbers = true)]
    pub(crate) after_pixel_pitch_um: Option<f64>,
    /// Places to find again (CSV): header x,y, pixels of the photograph before.
    #[arg(long, value_name = "CSV", requires = "map_out")]
    pub(crate) map: Option<PathBuf>,
    /// Where those places go, in pixels of the photograph after, row by row.
    #[arg(long, value_name = "CSV", requires = "map")]
    pub(crate) map_out: Option<PathBuf>,
    /// Where the dots of the plan that are there go, and those that nobody can see, as a table of places (CSV): what
    /// `plan --healed` takes.
    #[arg(long, value_name = "CSV", requires = "plan")]
    pub(crate) healed_out: Option<PathBuf>,
    /// Where the page goes as a picture: before, after, what differs, from how far it is seen, the numbers.
    #[arg(long, value_name = "PNG")]
    pub(crate) figure: Option<PathBuf>,
    /// Where the same page goes to print, with all doubts behind it.
    #[arg(long, value_name = "PDF")]
    pub(crate) report: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Fading {
    /// Outcomes of the same plan at several visits, each made with --plan and --days-since-last-session.
    #[arg(required = true, num_args = 1..=30)]
    pub(crate) outcomes: Vec<PathBuf>,
    /// The plan that all of them were made with.
    #[arg(long, value_name = "PLAN")]
    pub(crate) plan: PathBuf,
    /// Day of the last session, for days of the calendar (YYYY-MM-DD).
    #[arg(long, value_name = "DATE")]
    pub(crate) last_session: Option<stipple_model::Date>,
    /// What the client answered (TOML): strong sun is weighed.
    #[arg(long, value_name = "TOML")]
    pub(crate) answers: Option<PathBuf>,
    /// Where the course goes.
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    /// Where the curve goes as a picture: usual, measured, this person's own.
    #[arg(long, value_name = "PNG")]
    pub(crate) figure: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Agreement {
    /// Table (CSV) with the header picture,rater,score and perhaps occasion; the studio writes one.
    pub(crate) ratings: PathBuf,
    /// Where the correlations and Bland–Altman go.
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    /// Where differences over means go as a picture.
    #[arg(long, value_name = "PNG")]
    pub(crate) figure: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Aftercare {
    /// Day of the session (YYYY-MM-DD).
    #[arg(long, value_name = "DATE")]
    pub(crate) session: stipple_model::Date,
    /// What this person's days hold; may be given several times, or with commas. Steps for others are left out.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) life: Vec<LifeName>,
    /// What skin was treated; may be given several times, or with commas. Steps for other skin are left out.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) skin: Vec<SkinName>,
    /// Language of the days and of the page: en, de, or one of your own instructions.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    pub(crate) language: String,
    /// Your own instructions (`stipple template aftercare` writes the shipped ones).
    #[arg(long, value_name = "TOML")]
    pub(crate) instructions: Option<PathBuf>,
    /// Where the calendar goes, iCalendar.
    #[arg(long, value_name = "ICS")]
    pub(crate) out: PathBuf,
    /// Where the page goes.
    #[arg(long, value_name = "PDF")]
    pub(crate) page: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Head {
    /// The scan's surface: OBJ, PLY or GLB; of several pieces the largest.
    pub(crate) mesh: PathBuf,
    /// Unit of the scan's coordinates (default: m for GLB, else mm).
    #[arg(long, value_enum)]
    pub(crate) unit: Option<UnitName>,
    /// Middle of the region, in the scan's coordinates (default: its topmost place).
    #[arg(long, value_name = "X,Y,Z", value_parser = place_in_space, allow_hyphen_values = true)]
    pub(crate) center: Option<[f64; 3]>,
    /// Which of the scan's axes points up.
    #[arg(long, value_enum, default_value_t = AxisName::Y)]
    pub(crate) up: AxisName,
    /// How far the region reaches from its middle along the skin, mm (3–400).
    #[arg(long, value_name = "MM", value_parser = radius, allow_negative_numbers = true)]
    pub(crate) radius_mm: f64,
    /// Dots per cm² (5–400; default: the protocol's follicular units).
    #[arg(long, value_name = "N", value_parser = dot_density, allow_negative_numbers = true)]
    pub(crate) density_per_cm2: Option<f64>,
    /// Protocol to follow: density, least distance and size of dots (default: the shipped one).
    #[arg(long, value_name = "TOML")]
    pub(crate) protocol: Option<PathBuf>,
    /// Where the dots go: place and direction in mm, hairs; in the order of the sessions.
    #[arg(long, value_name = "CSV")]
    pub(crate) out: PathBuf,
    /// Where the dots go as points that lie on the scan in a viewer.
    #[arg(long, value_name = "PLY")]
    pub(crate) ply_out: Option<PathBuf>,
    /// Where a drawing of the dots from three sides goes, each at its true size; its bars are 50 mm long.
    #[arg(long, value_name = "PNG")]
    pub(crate) picture_out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Card {
    /// Where the card goes.
    #[arg(long, value_name = "PDF")]
    pub(crate) out: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Template {
    /// Which file.
    #[arg(value_enum)]
    pub(crate) which: TemplateName,
    /// Where it goes.
    #[arg(long, value_name = "TOML")]
    pub(crate) out: PathBuf,
}

/// Files that say what practitioners and clients differ in.
#[derive(Args, Debug)]
pub(crate) struct Settings {
    /// The client's answers; without them only what was measured is judged.
    #[arg(long, value_name = "TOML")]
    pub(crate) answers: Option<PathBuf>,
    /// The practitioner's protocol (default: the shipped one).
    #[arg(long, value_name = "TOML")]
    pub(crate) protocol: Option<PathBuf>,
    /// The clinic's rules (default: the shipped ones).
    #[arg(long, value_name = "TOML")]
    pub(crate) rules: Option<PathBuf>,
    /// The day to reckon from, YYYY-MM-DD (default: today).
    #[arg(long, value_name = "DAY")]
    pub(crate) today: Option<jiff::civil::Date>,
}

impl Settings {
    /// The files given.
    pub(crate) fn files(&self) -> [Option<&PathBuf>; 3] {
        [self.answers.as_ref(), self.protocol.as_ref(), self.rules.as_ref()]
    }
}

/// What is not given is an ordinary phone close-up: light-brown skin, black stubble, a pale strip scar.
#[derive(Args, Debug)]
pub(crate) struct Synth {
    /// Folder for photo.png, truth.json, scar.png and what else is asked for.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// How hard the picture is to read.
    #[arg(long, value_enum, default_value = "ordinary")]
    pub(crate) difficulty: DifficultyName,
    /// Leave out one thing that makes it hard (may be given again): root-shadow, ostium, curl, vellus, whorl,
    /// shine, sweat, flakes, debris, moles, pimples, razor-marks, bend, colored-light, defocus, motion, mosaic,
    /// phone.
    #[arg(long, value_name = "NAME", value_parser = nuisance)]
    pub(crate) without: Vec<Nuisance>,
    /// Columns of the picture.
    #[arg(long, value_name = "PX")]
    pub(crate) width: Option<usize>,
    /// Rows of the picture.
    #[arg(long, value_name = "PX")]
    pub(crate) height: Option<usize>,
    /// Pixels per millimetre on the scalp.
    #[arg(long, value_name = "N")]
    pub(crate) px_per_mm: Option<f64>,
    /// Skin tone: individual typology angle, −70 (dark) to 75 (very light) degrees.
    #[arg(long, value_name = "DEG", allow_negative_numbers = true)]
    pub(crate) ita: Option<f64>,
    /// Hair color.
    #[arg(long, value_enum)]
    pub(crate) hair: Option<HairName>,
    /// Mean length of the stubble, mm.
    #[arg(long, value_name = "MM")]
    pub(crate) hair_length_mm: Option<f64>,
    /// Follicular units per cm².
    #[arg(long, value_name = "N")]
    pub(crate) density: Option<f64>,
    /// Shape of the scar.
    #[arg(long, value_enum)]
    pub(crate) scar: Option<ScarName>,
    /// Width of a strip or diameter of a patch, mm.
    #[arg(long, value_name = "MM", value_parser = scar_size, allow_negative_numbers = true)]
    pub(crate) scar_size_mm: Option<f64>,
    /// Color of the scar against the skin.
    #[arg(long, value_enum)]
    pub(crate) scar_tint: Option<TintName>,
    /// Lay the reference card into the picture.
    #[arg(long)]
    pub(crate) card: bool,
    /// Also write after.png: the same scalp months later, treated with dots by chance, hair grown anew, in another light.
    /// More skin is made around the picture, so that photo.png is another scalp than without this.
    #[arg(long)]
    pub(crate) after: bool,
    /// Also write photo.jpg, as a camera would.
    #[arg(long)]
    pub(crate) jpeg: bool,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum HairName {
    Black,
    DarkBrown,
    Brown,
    Blond,
    Red,
    Gray,
    White,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum DifficultyName {
    /// A good photograph of a clean scalp.
    Ordinary,
    /// Whatever phones and scalps do to a picture.
    Hard,
    /// A few millimetres under a dermatoscope.
    Trichoscope,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum ScarName {
    None,
    Strip,
    Punches,
    Patch,
    Burn,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum TintName {
    Paler,
    Redder,
    Darker,
    Same,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum MomentName {
    Fresh,
    Day3,
    Healed,
    #[value(name = "1y")]
    Year1,
    #[value(name = "2y")]
    Year2,
    #[value(name = "3y")]
    Year3,
    #[value(name = "5y")]
    Year5,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum CourseName {
    Faint,
    Likely,
    Strong,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum SkinName {
    /// Brown or dark.
    Dark,
    /// The scar of a burn.
    Burn,
    /// A raised scar, or somebody who had keloids.
    Raised,
    /// 1,500 dots or more in the session.
    Large,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum LifeName {
    /// Sport that makes one sweat.
    Sport,
    /// Much sun.
    Sun,
    /// Work out of doors.
    OutdoorWork,
    /// Pool, sauna or sunbed.
    Pool,
    /// Shaves the head.
    Shave,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum LightName {
    Daylight,
    Tungsten,
    Led,
    #[value(name = "fluorescent_cool_white")]
    FluorescentCoolWhite,
    #[value(name = "fluorescent_three_band")]
    FluorescentThreeBand,
    Flash,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum UnitName {
    Mm,
    Cm,
    Dm,
    M,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum AxisName {
    X,
    Y,
    Z,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum TemplateName {
    Protocol,
    Rules,
    Answers,
    Aftercare,
}

/// A language as in BCP 47.
fn language(typed: &str) -> Result<String, String> {
    let fits = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if typed.len() <= 20 && typed.split('-').all(fits) && typed.starts_with(|c: char| c.is_ascii_alphabetic())
    {
        return Ok(typed.to_owned());
    }
    Err("a language such as en or de is needed".to_owned())
}

fn pixel_pitch(typed: &str) -> Result<f64, String> {
    number(typed, PIXEL_PITCH_UM, "µm (a phone close-up has 40 to 160)")
}

fn depth(typed: &str) -> Result<f64, String> {
    number(typed, HAIRLINE_DEPTH_MM, "mm")
}

fn scar_size(typed: &str) -> Result<f64, String> {
    number(typed, 0.5..=60.0, "mm (a strip at most 10, a patch at least 3)")
}

fn radius(typed: &str) -> Result<f64, String> {
    number(typed, HEAD_RADIUS_MM, "mm (a whole scalp reaches about 150)")
}

fn dot_density(typed: &str) -> Result<f64, String> {
    number(typed, 5.0..=400.0, "dots per cm² (nature has 60 to 100 follicular units)")
}

fn number(typed: &str, range: RangeInclusive<f64>, unit: &str) -> Result<f64, String> {
    let needed = format!("needed: a number between {} and {} {unit}", range.start(), range.end());
    typed.parse().ok().filter(|number| range.contains(number)).ok_or(needed)
}

fn place(typed: &str) -> Result<(f64, f64), String> {
    let needed = || "needed: two numbers of pixels, such as 812,344".to_owned();
    let (x, y) = typed.split_once(',').ok_or_else(needed)?;
    let pixels = |text: &str| text.trim().parse::<f64>().ok().filter(|v| v.is_finite() && *v >= 0.0);
    Ok((pixels(x).ok_or_else(needed)?, pixels(y).ok_or_else(needed)?))
}

fn place_in_space(typed: &str) -> Result<[f64; 3], String> {
    let numbers: Option<Vec<f64>> =
        typed.split(',').map(|text| text.trim().parse().ok().filter(|v: &f64| v.is_finite())).collect();
    let needed = "needed: three numbers in the scan's unit, such as 0,8.2,-0.4";
    numbers.and_then(|numbers| numbers.try_into().ok()).ok_or_else(|| needed.to_owned())
}

fn nuisance(typed: &str) -> Result<Nuisance, String> {
    let named = Nuisance::NAMED.iter().find(|(name, _)| *name == typed);
    named.map(|(_, nuisance)| *nuisance).ok_or_else(|| {
        let names: Vec<&str> = Nuisance::NAMED.iter().map(|(name, _)| *name).collect();
        format!("one of {}", names.join(", "))
    })
}
