package io.qscope.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditFinding;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/audit.md}: its program, and its tables of findings. */
class AuditPageTest {

    private final Markdown page = Markdown.page("docs/audit.md");

    @Test
    void its_program_chains_and_verifies(@TempDir Path folder) throws Exception {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        String program = CompiledBlocks.compile(page.blocks("java"), classes).get(0);

        assertThat(printed(
                        program,
                        classes,
                        folder.resolve("ring").toString(),
                        folder.resolve("a.db").toString()))
                .isEqualTo("true, 4 entries\n1 head\n");
    }

    @Test
    void its_table_of_findings_has_them_all() {
        List<String> explained = page.rows().stream()
                .map(row -> row.get(0))
                .filter(cell -> cell.matches("`[A-Z_]+`"))
                .map(cell -> cell.replace("`", ""))
                .toList();
        assertThat(explained)
                .containsExactlyElementsOf(Arrays.stream(AuditFinding.Kind.values())
                        .map(Enum::name)
                        .toList());
    }

    private static String printed(String program, Path classes, String... arguments) throws Exception {
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, AuditPageTest.class.getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass(program).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
