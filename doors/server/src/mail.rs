//! Letters that go out by e-mail: where to, in which words, and by which server. Without a file of settings nothing goes out.

pub(crate) mod letter;
pub(crate) mod post;
pub(crate) mod postman;
pub(crate) mod settings;

pub use settings::Settings as MailSettings;
