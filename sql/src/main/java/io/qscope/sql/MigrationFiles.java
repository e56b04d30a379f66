package io.qscope.sql;

import io.qscope.store.MigrationScript;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files that make the schema, as they lie on the class path beside this class, in a folder for each dialect. */
final class MigrationFiles {

    /** In order, by the same names in every dialect: whoever adds a version adds its file, and its line here. */
    private static final List<String> NAMES = List.of(
            "V1__oauth_tables.sql",
            "V2__consents_and_throttles.sql",
            "V3__audit_chain.sql",
            "V4__id_tokens_and_requests.sql",
            "V5__signing_keys_and_users.sql");

    private static final Pattern NAME = Pattern.compile("V(\\d+)__(\\w+)\\.sql");

    private MigrationFiles() {}

    /** The version that the last of them leads to. */
    static String latestVersion() {
        return parts(NAMES.get(NAMES.size() - 1)).group(1);
    }

    /** All of a dialect's. */
    static List<MigrationScript> of(String dialect) {
        return NAMES.stream()
                .map(name -> read(dialect + "/" + name, parts(name)))
                .toList();
    }

    private static MigrationScript read(String path, Matcher name) {
        try (InputStream file = MigrationFiles.class.getResourceAsStream(path)) {
            byte[] sql = Objects.requireNonNull(file, path).readAllBytes();
            return new MigrationScript(
                    name.group(1), name.group(2).replace('_', ' '), new String(sql, StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(path, unreadable);
        }
    }

    private static Matcher parts(String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw new IllegalStateException(name);
        }
        return parts;
    }
}
