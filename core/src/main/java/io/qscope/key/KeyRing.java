package io.qscope.key;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys of a deployment: the first one writes, all of them are readable. Every process of a deployment has the same ring.
 *
 * <p>Where a ring is asked for, a {@code Supplier<KeyRing>} is: {@code () -> ring} for one that stays, or a callback into a
 * secret store for one that changes while the process runs. It is called often, and must answer at once.
 *
 * <p>Rotation, without logging anybody out: give every process the ring with the new key as a readable one, then put the new
 * key first, then take the old one out when no live row needs it ({@code Storage.keysInUse}). A key that hashed audit entries
 * must stay readable for as long as they are to be verified.
 *
 * <p>As text, a ring is a line a key, {@code id base64}, the writing one first; a semicolon may stand for a line's end, a line
 * that starts with {@code #} is a comment. Immutable; prints ids only.
 */
public final class KeyRing {

    private final List<Key> keys;

    private KeyRing(List<Key> keys) {
        Set<String> ids = new HashSet<>();
        for (Key key : keys) {
            if (!ids.add(key.id())) {
                throw new IllegalArgumentException("a key ring has each id once; " + key.id() + " is there twice");
            }
        }
        this.keys = List.copyOf(keys);
    }

    /**
     * A ring of these keys.
     *
     * @throws IllegalArgumentException when two have one id
     */
    public static KeyRing of(Key writing, Key... alsoReadable) {
        return new KeyRing(
                Stream.concat(Stream.of(writing), Stream.of(alsoReadable)).toList());
    }

    /**
     * Reads a ring's text.
     *
     * @throws IllegalArgumentException naming the line that is not {@code id base64}, never what it holds
     */
    public static KeyRing parse(String text) {
        List<Key> keys = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\\R|;", -1)) {
            number++;
            if (!line.isBlank() && !line.strip().startsWith("#")) {
                keys.add(parseLine(line.strip(), number));
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "a key ring has at least one key, a line \"id base64\"; this one has none");
        }
        return new KeyRing(keys);
    }

    private static Key parseLine(String line, int number) {
        String[] words = line.split("\\s+", -1);
        if (words.length != 2) {
            throw new IllegalArgumentException("line " + number + " of the key ring is not \"id base64\"");
        }
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(words[1]);
        } catch (IllegalArgumentException notBase64) {
            // Its message quotes a character of the secret.
            throw new IllegalArgumentException("line " + number + " of the key ring holds no base64 after its id");
        }
        return Key.of(words[0], secret);
    }

    /**
     * Reads a ring from a file of its text.
     *
     * @throws UncheckedIOException when it cannot be read
     * @throws IllegalArgumentException as {@link #parse}, naming the file
     */
    public static KeyRing fromFile(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the key ring " + file + " cannot be read", e);
        }
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage());
        }
    }

    /**
     * Reads a ring from the text in an environment variable, its keys separated by semicolons.
     *
     * @return empty when the variable is not set, or blank
     * @throws IllegalArgumentException as {@link #parse}, naming the variable
     */
    public static Optional<KeyRing> fromEnvironment(String variable) {
        String text = System.getenv(variable);
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(variable + ": " + e.getMessage());
        }
    }

    /** The key that makes new digests. */
    public Key writing() {
        return keys.get(0);
    }

    /** Every key, the writing one first. */
    public List<Key> readable() {
        return keys;
    }

    /** The key of that id; empty when the ring lacks it. */
    public Optional<Key> key(String id) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    /**
     * A ring that writes with this key, and reads with this one's too.
     *
     * @throws IllegalArgumentException when the ring has another key of its id
     */
    public KeyRing writingWith(Key key) {
        return new KeyRing(Stream.concat(Stream.of(key), keys.stream().filter(other -> other != key))
                .toList());
    }

    /**
     * A ring without a key. Ask first whether anything needs it.
     *
     * @throws IllegalArgumentException when it is the writing key, or none of the ring's
     */
    public KeyRing without(String id) {
        if (writing().id().equals(id)) {
            throw new IllegalArgumentException("key " + id + " writes; have another one write before it is taken out");
        }
        if (key(id).isEmpty()) {
            throw new IllegalArgumentException("the key ring has no key " + id);
        }
        return new KeyRing(keys.stream().filter(key -> !key.id().equals(id)).toList());
    }

    /** The ring as text, secrets and all: to be written where only its owner can read. */
    public String toText() {
        return keys.stream().map(Key::line).collect(Collectors.joining("\n", "", "\n"));
    }

    /** The ids only. */
    @Override
    public String toString() {
        return keys.stream().map(Key::id).collect(Collectors.joining(", ", "key ring [", "]"));
    }
}
