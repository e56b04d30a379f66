package io.qscope.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The links of all pages, as far as they stay in the project. */
class LinksTest {

    static Stream<Path> pages() {
        return Markdown.all().stream().map(page -> Markdown.root().relativize(page.path()));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void lead_to_files_and_headings_that_are_there(Path name) {
        Markdown page = Markdown.page(name.toString());
        assertThat(page.links())
                .as("links of %s", name)
                .allSatisfy(link -> assertThat(leadsSomewhere(page, link)).isTrue());
    }

    @Test
    void are_found() {
        assertThat(pages().map(Path::toString))
                .contains(
                        "README.md",
                        "CONTRIBUTING.md",
                        "CHANGELOG.md",
                        Path.of("docs", "contract.md").toString());
        assertThat(Markdown.page("README.md").links()).contains("docs/contract.md", "CONTRIBUTING.md", "LICENSE");
    }

    /** Addresses of others are left alone: a test must not need the network. */
    private static boolean leadsSomewhere(Markdown page, String link) {
        if (link.matches("[a-z]+:.*")) {
            return true;
        }
        List<String> parts = List.of(link.split("#", 2));
        Path target = parts.get(0).isEmpty() ? page.path() : page.path().resolveSibling(parts.get(0));
        if (!Files.exists(target)) {
            return false;
        }
        return parts.size() == 1
                || Markdown.page(Markdown.root().relativize(target.normalize()).toString())
                        .anchors()
                        .contains(parts.get(1));
    }
}
