//! Archives that are made up while they are served.

use std::io::Read as _;

use gha_fake::Content;

#[test]
fn archives_of_noise_can_be_unpacked() {
    let members = (0..70).map(|i| (format!("d/{i}.bin"), i * 1000));
    let content = Content::zip_of_noise(members, 9);
    let bytes = content.read(0..content.len());
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(archive.len(), 70);
    let mut seen = Vec::new();
    for index in 0..70 {
        let mut member = archive.by_index(index).unwrap();
        let mut data = Vec::new();
        // Checks the CRC.
        member.read_to_end(&mut data).unwrap();
        assert_eq!(
            (member.name().unwrap(), data.len()),
            (format!("d/{index}.bin").into(), index * 1000)
        );
        assert!(index == 0 || !seen.contains(&data));
        seen.push(data);
    }
}

/// Reads a [`Content`] as a file, so that nothing has to hold it.
struct File(Content, u64);

impl std::io::Read for File {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let bytes = self.0.read(self.1..self.1 + buf.len() as u64);
        buf[..bytes.len()].copy_from_slice(&bytes);
        self.1 += bytes.len() as u64;
        Ok(bytes.len())
    }
}

impl std::io::Seek for File {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.1 = match to {
            std::io::SeekFrom::Start(at) => at,
            std::io::SeekFrom::End(by) => self.0.len().checked_add_signed(by).unwrap(),
            std::io::SeekFrom::Current(by) => self.1.checked_add_signed(by).unwrap(),
        };
        Ok(self.1)
    }
}

#[test]
fn archives_of_noise_use_zip64_where_they_must() {
    let huge = (4 << 30) + 3;
    let content = Content::zip_of_noise([("small", 10), ("huge", huge), ("after", 20)], 0);
    let mut archive = zip::ZipArchive::new(File(content, 0)).unwrap();
    assert_eq!(archive.by_name("huge").unwrap().size(), huge);
    let mut after = Vec::new();
    archive
        .by_name("after")
        .unwrap()
        .read_to_end(&mut after)
        .unwrap();
    assert_eq!(after.len(), 20);

    let many = Content::zip_of_noise((0..65_540).map(|i| (i.to_string(), 1)), 0);
    let mut archive = zip::ZipArchive::new(File(many, 0)).unwrap();
    assert_eq!(archive.len(), 65_540);
    assert_eq!(archive.by_name("65539").unwrap().size(), 1);
}
