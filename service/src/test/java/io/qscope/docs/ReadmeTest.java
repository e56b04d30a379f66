package io.qscope.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.store.Guarantee;
import io.qscope.store.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code README.md}: its program, its dependency and its tables. */
class ReadmeTest {

    private static final int FIRST_SCREEN_LINES = 60;

    private final Markdown page = Markdown.page("README.md");

    @Test
    void its_program_redeems_a_code_once_on_a_new_file_and_on_an_old_one(@TempDir Path folder) throws Exception {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        String program = CompiledBlocks.compile(page.blocks("java"), classes).get(0);

        assertThat(CompiledBlocks.run(program, classes, folder)).isEqualTo("true\nfalse\n");
        assertThat(CompiledBlocks.run(program, classes, folder)).isEqualTo("true\nfalse\n");
    }

    @Test
    void its_program_is_on_the_first_screen() {
        List<String> screen = page.text().lines().limit(FIRST_SCREEN_LINES).toList();
        int start = screen.indexOf("```java");
        assertThat(start).isNotNegative();
        assertThat(screen.subList(start, screen.size())).contains("```");
    }

    @Test
    void its_dependency_is_this_version_of_an_artifact_of_ours() throws IOException {
        String dependency = page.blocks("xml").get(0);
        String parent = Files.readString(Markdown.root().resolve("pom.xml"));
        assertThat(parent).contains("<artifactId>qscope-parent</artifactId>\n  " + line(dependency, "<version>"));
        String module = Files.readString(Markdown.root().resolve("sqlite/pom.xml"));
        assertThat(module).contains(line(dependency, "<artifactId>"));
    }

    @Test
    void its_table_of_guarantees_is_what_the_engines_claim(@TempDir Path folder) {
        Map<String, List<String>> claimed = new TreeMap<>();
        try (Storage memory = Storage.open("memory:");
                Storage sqlite = Storage.open("sqlite:" + folder.resolve("guarantees.db"))) {
            for (Guarantee guarantee : Guarantee.values()) {
                claimed.put(guarantee.name(), List.of(kept(memory, guarantee), kept(sqlite, guarantee)));
            }
        }

        Map<String, List<String>> written = new TreeMap<>();
        for (List<String> row : page.rows()) {
            String name = row.get(0).replaceAll("^`([A-Z_]+)`.*", "$1");
            if (claimed.containsKey(name)) {
                // PostgreSQL's column is compared where a server is: in that engine's own tests.
                written.put(name, row.subList(1, 3));
            }
        }
        assertThat(written).isEqualTo(claimed);
    }

    private static String kept(Storage storage, Guarantee guarantee) {
        return storage.guarantees().keeps(guarantee) ? "yes" : "no";
    }

    private static String line(String block, String tag) {
        return block.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(tag))
                .findFirst()
                .orElseThrow();
    }
}
