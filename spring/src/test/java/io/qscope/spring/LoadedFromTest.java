package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What objects were loaded from. */
class LoadedFromTest {

    private final LoadedFrom<String> loaded = new LoadedFrom<>();

    @Test
    void instanceOfAnIdIsKnownAndAnEqualOneIsNot() {
        String first = loaded.remember("id", "first");
        String second = loaded.remember("id", "second");
        assertThat(first).isEqualTo("id").isNotSameAs("id");
        assertThat(loaded.of(first)).contains("first");
        assertThat(loaded.of(second)).contains("second");
        assertThat(loaded.of("id")).isEmpty();
        loaded.replace(first, "newer");
        assertThat(loaded.of(first)).contains("newer");
        assertThat(loaded.of(second)).contains("second");
    }

    @Test
    void whatNobodyHasAnyMoreIsForgotten() {
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            String id = loaded.remember("id", "value " + i);
            if (i % 100 == 0) {
                kept.add(id);
            }
        }
        while (loaded.size() > kept.size()) {
            System.gc();
        }
        assertThat(kept).allSatisfy(id -> assertThat(loaded.of(id)).isPresent());
    }
}
