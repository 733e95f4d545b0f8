//! The matrix that the README carries.

use super::Editions;

impl Editions {
    /// One row for each operation, one column for each edition, in Markdown.
    pub fn matrix(&self) -> String {
        let mut text = format!(
            "Generated from `{}`; what is different elsewhere:\n\n| operation |",
            self.own.edition
        );
        for name in self.others.keys() {
            text.push_str(&format!(" {name} |"));
        }
        text.push_str("\n|---|");
        text.push_str(&"---|".repeat(self.others.len()));
        text.push('\n');
        for operation in &self.operations {
            text.push_str(&format!("| `{operation}` |"));
            for edition in self.others.values() {
                let cell = match edition.differences.get(operation) {
                    None => "same".to_owned(),
                    Some(words) => words.join("; ").replace('|', "\\|"),
                };
                text.push_str(&format!(" {cell} |"));
            }
            text.push('\n');
        }
        text
    }
}
