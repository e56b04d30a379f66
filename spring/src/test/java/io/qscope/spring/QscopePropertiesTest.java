package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What editors and people are told of the properties. */
class QscopePropertiesTest {

    private static final List<String> NAMES = Arrays.stream(QscopeProperties.class.getRecordComponents())
            .map(RecordComponent::getName)
            .map(name -> "qscope." + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
            .toList();

    @Test
    void metadataDescribesEveryProperty() throws Exception {
        try (InputStream in = Objects.requireNonNull(
                QscopeProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json"))) {
            JsonNode properties = new JsonMapper().readTree(in).get("properties");
            assertThat(properties.valueStream().map(each -> each.get("name").asString()))
                    .containsExactlyInAnyOrderElementsOf(NAMES);
            assertThat(properties.valueStream())
                    .allSatisfy(each -> assertThat(each.get("description").asString())
                            .matches("[A-Z].*\\.")
                            .doesNotStartWith("File File"));
        }
    }

    @Test
    void documentationNamesEveryProperty() throws Exception {
        String text = Files.readString(Path.of("..", "docs", "spring.md"));
        assertThat(NAMES).allSatisfy(name -> assertThat(text).contains("| `" + name + "` |"));
    }

    @Test
    void secretsAreNotPrinted() {
        QscopeProperties properties = new QscopeProperties(
                true,
                "postgresql://app:hush@db/app",
                false,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                "k hush",
                null,
                true,
                false);
        assertThat(properties.toString()).doesNotContain("hush").contains("sealAttributes=true");
    }
}
