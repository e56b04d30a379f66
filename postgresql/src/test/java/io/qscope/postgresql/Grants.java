package io.qscope.postgresql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What docs/postgresql.md gives an operator to copy, with other names. */
final class Grants {

    private static final Pattern ROLES = Pattern.compile("```sql\\n(CREATE ROLE.*?)```", Pattern.DOTALL);

    private static final Pattern GRANTS = Pattern.compile("```sql\\n(GRANT USAGE.*?)```", Pattern.DOTALL);

    private Grants() {}

    /** What a superuser runs once: the roles, and a schema that is empty. */
    static String rolesOfDocument(String schema, String owner, String role) throws IOException {
        return renamed(block(ROLES), schema, role).replaceAll("\\bqscope_owner\\b", owner);
    }

    /** What the owner runs when the tables are there. */
    static String ofDocument(String schema, String role) throws IOException {
        return renamed(block(GRANTS), schema, role);
    }

    private static String block(Pattern which) throws IOException {
        Matcher block = which.matcher(Files.readString(Path.of("../docs/postgresql.md")));
        if (!block.find()) {
            throw new IllegalStateException("docs/postgresql.md has no block that begins as " + which);
        }
        return block.group(1);
    }

    private static String renamed(String block, String schema, String role) {
        return block.replaceAll("\\bqscope\\.", schema + ".")
                .replaceAll("SCHEMA qscope\\b", "SCHEMA " + schema)
                .replaceAll("\\bqscope_server\\b", role);
    }
}
