package io.qscope.app;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The option {@code --json}, and how a command shows what it found: a table for people, one JSON document for programs. Data goes
 * to the standard output, words go to the standard error.
 */
public final class Output {

    private static final String NOTHING = "-";

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    /** Whether programs are to read it. */
    public boolean isJson() {
        return json;
    }

    /** Shows one thing: a line a member, or an object. */
    public void one(Console console, Map<String, ? extends @Nullable Object> members) {
        if (json) {
            console.line(toJson(members));
            return;
        }
        int width = members.keySet().stream().mapToInt(String::length).max().orElse(0);
        members.forEach((name, value) ->
                console.line(console.faint(name + " ".repeat(width - name.length())) + "  " + text(value)));
    }

    /** Shows many things of one kind: a table with these columns, or an array of whole objects. */
    public void many(Console console, List<? extends Map<String, ? extends @Nullable Object>> rows, String... columns) {
        if (json) {
            console.line(toJson(rows));
            return;
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of(columns));
        for (Map<String, ? extends @Nullable Object> row : rows) {
            List<String> line = new ArrayList<>();
            for (String column : columns) {
                line.add(text(row.get(column)));
            }
            lines.add(line);
        }
        int[] widths = new int[columns.length];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = padded(lines.get(i), widths);
            console.line(i == 0 ? console.faint(line) : line);
        }
    }

    /** One JSON value in one line, for streams of lines. */
    public static String toJsonLine(Map<String, ? extends @Nullable Object> members) {
        return Json.LINE.writeValueAsString(members);
    }

    private static String toJson(Object value) {
        return Json.INDENTED.writeValueAsString(value);
    }

    private static String padded(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(cells.get(i));
            if (i < widths.length - 1) {
                line.append(" ".repeat(widths[i] - cells.get(i).length() + 2));
            }
        }
        return line.toString();
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            return NOTHING;
        }
        if (value instanceof Collection<?> values) {
            return values.isEmpty()
                    ? NOTHING
                    : values.stream().map(Output::text).collect(Collectors.joining(" "));
        }
        if (value instanceof Map<?, ?> map) {
            return map.isEmpty()
                    ? NOTHING
                    : map.entrySet().stream()
                            .map(member -> text(member.getKey()) + ": " + text(member.getValue()))
                            .collect(Collectors.joining("; "));
        }
        return Console.withoutControls(value.toString());
    }

    /** Loaded only where JSON is asked for: it takes a tenth of a second. */
    private static final class Json {
        private static final JsonMapper LINE = JsonMapper.builder().build();
        private static final JsonMapper INDENTED =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    }
}
