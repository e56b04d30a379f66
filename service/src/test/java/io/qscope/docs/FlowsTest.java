package io.qscope.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/flows.md}: its program. */
class FlowsTest {

    @Test
    void its_program_plays_a_flow_and_its_replay(@TempDir Path folder) throws Exception {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        String program = CompiledBlocks.compile(Markdown.page("docs/flows.md").blocks("java"), classes)
                .get(0);

        assertThat(CompiledBlocks.run(program, classes, folder)).isEqualTo("true\ninvalid_grant\nfalse\n");
    }
}
