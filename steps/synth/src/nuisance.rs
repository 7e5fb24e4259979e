//! What makes a photograph hard to read, each of it to be left out alone.

/// Something that real photographs have and clean ones do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nuisance {
    /// The hair seen through the skin before it comes out: blue-gray, soft, on the side away from the tip.
    RootShadow,
    /// The mouth of the follicle: a dark or pale ring around the root.
    Ostium,
    /// Bent and curled shafts; young hairs that end in a point.
    Curl,
    /// Fine pale hairs that are not counted.
    Vellus,
    /// Hair that turns around a whorl, and lies or stands differently from place to place.
    Whorl,
    /// Skin and hair that mirror the light.
    Shine,
    /// Droplets of sweat.
    Sweat,
    /// Flakes of dry skin.
    Flakes,
    /// Cut hair that lies on the skin.
    Debris,
    /// Moles and freckles.
    Moles,
    /// Pimples and crusts.
    Pimples,
    /// Scratches and nicks of a razor.
    RazorMarks,
    /// A bent scalp seen from the side and from near.
    Bend,
    /// Light with a color.
    ColoredLight,
    /// Parts of the picture out of focus.
    Defocus,
    /// A camera that moved.
    Motion,
    /// A sensor with one color a site.
    Mosaic,
    /// Smoothing, sharpening and contrast as phones add them.
    Phone,
}

impl Nuisance {
    /// All of them, with the names that commands and tables use.
    pub const NAMED: [(&str, Self); 18] = [
        ("root-shadow", Self::RootShadow),
        ("ostium", Self::Ostium),
        ("curl", Self::Curl),
        ("vellus", Self::Vellus),
        ("whorl", Self::Whorl),
        ("shine", Self::Shine),
        ("sweat", Self::Sweat),
        ("flakes", Self::Flakes),
        ("debris", Self::Debris),
        ("moles", Self::Moles),
        ("pimples", Self::Pimples),
        ("razor-marks", Self::RazorMarks),
        ("bend", Self::Bend),
        ("colored-light", Self::ColoredLight),
        ("defocus", Self::Defocus),
        ("motion", Self::Motion),
        ("mosaic", Self::Mosaic),
        ("phone", Self::Phone),
    ];
}

/// Which nuisances a picture has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nuisances(u32);

impl Nuisances {
    /// None: flat skin, straight hair, a perfect camera.
    pub const NONE: Self = Self(0);
    /// Every one.
    pub const ALL: Self = Self((1 << Nuisance::NAMED.len()) - 1);

    /// A good photograph of a clean scalp.
    pub const ORDINARY: Self = Self::NONE
        .with(Nuisance::RootShadow)
        .with(Nuisance::Ostium)
        .with(Nuisance::Shine)
        .with(Nuisance::Flakes)
        .with(Nuisance::Moles)
        .with(Nuisance::Mosaic)
        .with(Nuisance::Phone);

    /// These and one more.
    pub const fn with(self, nuisance: Nuisance) -> Self {
        Self(self.0 | 1 << nuisance as u32)
    }

    /// These less one.
    pub const fn without(self, nuisance: Nuisance) -> Self {
        Self(self.0 & !(1 << nuisance as u32))
    }

    /// Whether one is among them.
    pub const fn has(self, nuisance: Nuisance) -> bool {
        self.0 & 1 << nuisance as u32 != 0
    }
}
