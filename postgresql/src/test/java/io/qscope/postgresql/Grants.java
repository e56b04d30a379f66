package io.qscope.postgresql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The grants that docs/postgresql.md gives an operator to copy. */
final class Grants {

    private static final Pattern BLOCK = Pattern.compile("```sql\\n(GRANT USAGE.*?)```", Pattern.DOTALL);

    private Grants() {}

    static String ofDocument(String schema, String role) throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(Path.of("../docs/postgresql.md")));
        if (!block.find()) {
            throw new IllegalStateException("docs/postgresql.md has no grants");
        }
        return block.group(1)
                .replaceAll("\\bqscope\\.", schema + ".")
                .replaceAll("SCHEMA qscope\\b", "SCHEMA " + schema)
                .replaceAll("\\bqscope_server\\b", role);
    }
}
