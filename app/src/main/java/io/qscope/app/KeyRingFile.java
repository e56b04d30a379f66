package io.qscope.app;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A key ring in a file that its user alone may read. */
public record KeyRingFile(Path path) {

    /** Where a user's key ring is unless another one is named. */
    public static KeyRingFile ofUser(Map<String, String> environment, String home, String operatingSystem) {
        String system = operatingSystem.toLowerCase(Locale.ROOT);
        Path folder;
        if (system.contains("windows") && environment.get("APPDATA") != null) {
            folder = Path.of(environment.get("APPDATA"));
        } else if (system.contains("mac")) {
            folder = Path.of(home, "Library", "Application Support");
        } else {
            String configuration = environment.get("XDG_CONFIG_HOME");
            // A relative one is to be ignored, says the XDG Base Directory Specification.
            folder = configuration != null && Path.of(configuration).isAbsolute()
                    ? Path.of(configuration)
                    : Path.of(home, ".config");
        }
        return new KeyRingFile(folder.resolve("qscope").resolve("keys"));
    }

    public boolean exists() {
        return Files.exists(path);
    }

    /**
     * Reads the ring.
     *
     * @throws CommandFailure when it cannot be read, or is none
     */
    public KeyRing read() {
        refuseText();
        try {
            return KeyRing.fromFile(path);
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw new CommandFailure(path + " is not a key ring: it is no UTF-8 text", e);
            }
            throw new CommandFailure(
                    "the key ring " + path + " cannot be read: " + FileProblem.in(Objects.requireNonNull(e.getCause())),
                    e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    /** A ring's text where its file's name belongs is easily done, and no message may repeat it. */
    private void refuseText() {
        if (!exists() && isRing(path.toString())) {
            throw new CommandFailure(
                    "a key ring's text stands where its file belongs (--keys or QSCOPE_KEYS_FILE); the variable for the text"
                            + " is QSCOPE_KEYS",
                    null);
        }
    }

    private static boolean isRing(String text) {
        try {
            KeyRing.parse(text);
            return true;
        } catch (IllegalArgumentException notOne) {
            return text.lines().count() > 1;
        }
    }

    /** Makes a file with a new ring of one key, if there is none. Of two that do so at once, both read one ring. */
    public boolean createIfMissing() {
        if (exists()) {
            return false;
        }
        try {
            createFolder();
            Path written = write(
                    KeyRing.of(Key.generate(newKeyId())), path.toAbsolutePath().getParent());
            try {
                NewFile.name(written, path);
                return true;
            } catch (FileAlreadyExistsException anotherWasQuicker) {
                return false;
            } finally {
                Files.deleteIfExists(written);
            }
        } catch (IOException e) {
            throw new CommandFailure(
                    "no key ring can be made at " + path + ": " + FileProblem.in(e, "name another place with --keys"),
                    e);
        }
    }

    /**
     * Puts a changed ring in place of the one that stands there, wholly or not at all. Of several that do so at once, each
     * changes what the one before left: a file beside it, of the same name and {@code .lock}, is locked meanwhile, and stays.
     * Owner, group and permissions stay, so that a server goes on reading the ring, and so does a link that leads to it.
     *
     * @param change is given the ring as it is; what it throws is thrown, and the ring stays as it is
     * @return the ring as it is now
     * @throws CommandFailure when it cannot be read or written, or not with the same owner; the old one stands
     */
    public KeyRing change(UnaryOperator<KeyRing> change) {
        read(); // tells in its own words when there is none
        try {
            Path real = path.toRealPath();
            try (FileChannel locked = lockBeside(real)) {
                locked.lock();
                KeyRing changed = change.apply(new KeyRingFile(real).read());
                replace(real, changed);
                return changed;
            }
        } catch (IOException e) {
            throw new CommandFailure(
                    "the key ring " + path + " cannot be written, and is as it was: "
                            + FileProblem.in(e, "run this as the file's owner"),
                    e);
        }
    }

    /** Not the ring's own file: who waits for it would hold the lock of one that is replaced by then. */
    private static FileChannel lockBeside(Path real) throws IOException {
        Path lock = real.resolveSibling(real.getFileName() + ".lock");
        try {
            Files.createFile(lock, forOneUser(lock, "rw-------"));
            takeOverOwner(real, lock);
        } catch (FileAlreadyExistsException madeBefore) {
            // The usual case, and as good.
        }
        return FileChannel.open(lock, StandardOpenOption.WRITE);
    }

    private void replace(Path real, KeyRing ring) throws IOException {
        Path written = write(ring, real.getParent());
        try {
            takeOverOwner(real, written);
            takeOverPermissions(real, written);
            Files.move(written, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private static void takeOverOwner(Path from, Path to) throws IOException {
        PosixFileAttributeView target = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (target != null) {
            PosixFileAttributes source = Files.readAttributes(from, PosixFileAttributes.class);
            target.setOwner(source.owner());
            target.setGroup(source.group());
        }
    }

    private static void takeOverPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView target = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (target != null) {
            target.setPermissions(Files.getPosixFilePermissions(from));
        }
    }

    /** Whether others than its owner may read it, as far as the file system tells. */
    public boolean isOpenToOthers() {
        try {
            Set<PosixFilePermission> granted = Files.getPosixFilePermissions(path);
            return granted.contains(PosixFilePermission.GROUP_READ)
                    || granted.contains(PosixFilePermission.OTHERS_READ);
        } catch (UnsupportedOperationException | IOException unknown) {
            // No such permissions here; what cannot be read is told when it is read.
            return false;
        }
    }

    /** A name for a new key, which tells people of different keys apart and nothing else. */
    public static String newKeyId() {
        return "key-" + HexFormat.of().toHexDigits(new SecureRandom().nextInt());
    }

    private void createFolder() throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(folder, forOneUser(folder, "rwx------"));
        }
    }

    /** A file beside the ring's with a ring's text. */
    private Path write(KeyRing ring, @Nullable Path folder) throws IOException {
        Path written = Files.createTempFile(folder, "keys", ".new", forOneUser(path, "rw-------"));
        // The old ring is gone once this one has its name, so the disk has it first.
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
            ByteBuffer text = StandardCharsets.UTF_8.encode(ring.toText());
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
        return written;
    }

    /** What a file is made with that its user alone may use, where the file system knows such permissions. */
    public static FileAttribute<?>[] forOneUser(Path file, String permissions) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
