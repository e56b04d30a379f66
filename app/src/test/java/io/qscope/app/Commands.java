package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs commands in a folder, each as a process, and reads what they print. */
record Commands(Path folder) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Runs a command whose words have no spaces. */
    Finished run(String words) {
        return Finished.qscope(folder, words.split(" +"));
    }

    Finished run(Map<String, String> environment, String words) {
        return Finished.qscope(folder, environment, words.split(" +"));
    }

    Finished given(String input, String words) {
        return Finished.qscopeGiven(input, folder, words.split(" +"));
    }

    /** The one JSON document that a command prints which succeeds. */
    JsonNode json(String words) {
        return json(run(words + " --json"));
    }

    static JsonNode json(Finished finished) {
        assertThat(finished.code()).as("%s", finished).isZero();
        return JSON.readTree(finished.out());
    }

    /** The JSON lines that a command prints. */
    static List<JsonNode> lines(Finished finished) {
        assertThat(finished.code()).as("%s", finished).isZero();
        List<JsonNode> lines = new ArrayList<>();
        finished.out().lines().forEach(line -> lines.add(JSON.readTree(line)));
        return lines;
    }

    static List<String> texts(JsonNode array, String member) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.path(member).asString()));
        return texts;
    }

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asString()));
        return texts;
    }
}
