//! Archives as other programs make them, where those are installed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::*;
use gha_artifact::{DownloadExt as _, RemoteArchive};
use gha_fake::Content;

/// A folder with what archives have trouble with.
fn original(folder: &Path) -> BTreeMap<String, String> {
    fs::create_dir_all(folder.join("dir/empty")).unwrap();
    fs::write(folder.join("dir/größe 日本.txt"), "names").unwrap();
    fs::write(folder.join("long.txt"), text(50_000)).unwrap();
    fs::write(folder.join("nothing"), "").unwrap();
    fs::write(folder.join("script.sh"), "#!/bin/sh\n").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder.join("script.sh"), fs::Permissions::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink("../long.txt", folder.join("dir/link")).unwrap();
    }
    everything(folder)
}

/// Packs with a program, and reads with this crate in every way. Programs that are not installed
/// are passed over.
async fn round_trip(pack: impl Fn(&Path) -> Command, links: bool) {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("original");
    fs::create_dir(&folder).unwrap();
    let mut expected = original(&folder);
    if !links {
        let _ = fs::remove_file(folder.join("dir/link"));
        expected.remove("dir/link");
    }
    let archive = root.path().join("archive.zip");
    let mut command = pack(&archive);
    let Ok(output) = command.current_dir(&folder).output() else {
        return;
    };
    assert!(output.status.success(), "{command:?}: {output:?}");

    let target = root.path().join("from file");
    gha_artifact::extract_file(&archive, &target).await.unwrap();
    assert_eq!(everything(&target), expected);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(target.join("script.sh"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o100, 0o100);
    }

    let fake = serve(Content::bytes(fs::read(&archive).unwrap())).await;
    let target = root.path().join("downloaded");
    download(&fake).await.extract(&target).await.unwrap();
    assert_eq!(everything(&target), expected);

    let remote = RemoteArchive::from_source(source(&fake).await)
        .await
        .unwrap();
    for (name, content) in expected {
        if content != "/" && !content.starts_with("-> ") {
            let mut entries = remote.entries().iter();
            let entry = entries.find(|it| it.name.trim_start_matches("./") == name);
            let member = remote.member(&entry.unwrap().name).unwrap();
            let bytes = member.bytes(1 << 24).await.unwrap();
            assert_eq!(bytes, content.as_bytes());
        }
    }
}

fn command(program: &str, arguments: &[&str], archive: &Path) -> Command {
    let mut command = Command::new(program);
    for argument in arguments {
        match *argument {
            "ARCHIVE" => command.arg(archive),
            argument => command.arg(argument),
        };
    }
    command
}

#[tokio::test]
async fn info_zip() {
    for arguments in [
        &["-q", "-r", "--symlinks", "ARCHIVE", "."][..],
        &["-q", "-r", "-0", "--symlinks", "ARCHIVE", "."],
        &["-q", "-r", "-fz", "--symlinks", "ARCHIVE", "."],
    ] {
        round_trip(|archive| command("zip", arguments, archive), true).await;
    }
    // Streamed: sizes follow the content. Links cannot be.
    let script = "zip -q -r - . | cat > \"$1\"";
    let streamed = |archive: &Path| command("sh", &["-c", script, "sh", "ARCHIVE"], archive);
    if Command::new("zip").arg("-v").output().is_ok() {
        round_trip(streamed, false).await;
    }
}

#[tokio::test]
async fn python() {
    for mode in ["ZIP_DEFLATED", "ZIP_STORED"] {
        let script = format!(
            "import sys, zipfile, pathlib\n\
             with zipfile.ZipFile(sys.argv[1], 'w', zipfile.{mode}) as z:\n\
             \x20   for path in sorted(pathlib.Path('.').rglob('*')):\n\
             \x20       with_zip64 = path.name == 'nothing'\n\
             \x20       if with_zip64:\n\
             \x20           z.open(str(path), 'w', force_zip64=True).close()\n\
             \x20       else:\n\
             \x20           z.write(path)\n"
        );
        round_trip(
            |archive| command("python3", &["-c", &script, "ARCHIVE"], archive),
            false,
        )
        .await;
    }
}

#[tokio::test]
async fn bsdtar() {
    for options in ["zip:zip64", "zip:compression=store", "zip:!zip64"] {
        let arguments = &[
            "-a",
            "-c",
            "--format",
            "zip",
            "--options",
            options,
            "-f",
            "ARCHIVE",
            ".",
        ];
        round_trip(|archive| command("bsdtar", arguments, archive), true).await;
    }
}

#[tokio::test]
async fn what_comes_through_a_pipe() {
    let root = tempfile::tempdir().unwrap();
    let script = "echo text | zip -q - - > \"$1\"";
    let archive = root.path().join("archive.zip");
    if Command::new("zip").arg("-v").output().is_err() {
        return;
    }
    let packed = command("sh", &["-c", script, "sh", "ARCHIVE"], &archive).status();
    assert!(packed.unwrap().success());
    let target = root.path().join("target");
    gha_artifact::extract_file(&archive, &target).await.unwrap();
    assert_eq!(everything(&target)["-"], "text\n");
}

#[tokio::test]
async fn seven_zip() {
    for program in ["7z", "7zz", "7za"] {
        let arguments = &["a", "-tzip", "-snl", "-bd", "ARCHIVE", "."];
        round_trip(|archive| command(program, arguments, archive), true).await;
    }
}
