//! The studio as browsers use it: the real program, over HTTP, on both databases.

mod access;
mod against;
mod around;
mod book;
mod child;
mod copies;
mod crash;
mod feed;
mod flow;
mod healing;
mod inside;
mod mail;
mod months;
mod own;
mod post;
mod postgres;
mod publishing;
mod ratings;
mod served;
mod truth;

use served::{Browser, Served};

/// A studio with its owner signed in.
fn opened(served: &Served) -> Browser {
    let mut owner = served.browser();
    owner.first_run("First clinic", "owner");
    owner
}
