package io.qscope.postgresql;

import io.qscope.sql.SqlStorage;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every statement that the classes of {@code io.qscope.sql} have: a statement is a constant there. Taken from the classes
 * themselves, so that one that is added is among them.
 */
final class SqlStatements {

    private static final Pattern STATEMENT =
            Pattern.compile("^\\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\\b.*\\boauth_.*", Pattern.DOTALL);

    private SqlStatements() {}

    /** By class and field, without those that are only a piece of others. */
    static Map<String, String> all() throws Exception {
        Map<String, String> constants = new TreeMap<>();
        for (Class<?> each : classes()) {
            for (Field field : each.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    note(each.getSimpleName() + "." + field.getName(), field.get(null), constants);
                }
            }
        }
        Map<String, String> statements = new TreeMap<>(constants);
        statements
                .entrySet()
                .removeIf(one -> !STATEMENT.matcher(one.getValue()).matches()
                        || constants.values().stream()
                                .anyMatch(other ->
                                        other.length() > one.getValue().length() && other.contains(one.getValue())));
        return statements;
    }

    private static void note(String name, Object value, Map<String, String> constants) {
        if (value instanceof String text) {
            constants.put(name, text);
        } else if (value instanceof List<?> texts) {
            for (int i = 0; i < texts.size(); i++) {
                note(name + "[" + i + "]", texts.get(i), constants);
            }
        }
    }

    private static List<Class<?>> classes() throws Exception {
        URI source = SqlStorage.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        if (Files.isDirectory(Path.of(source))) {
            return classes(Path.of(source));
        }
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(source))) {
            return classes(jar.getPath("/"));
        }
    }

    private static List<Class<?>> classes(Path root) throws Exception {
        List<Class<?>> classes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root.resolve("io/qscope/sql"))) {
            for (Path file :
                    files.filter(found -> found.toString().endsWith(".class")).toList()) {
                String name = root.relativize(file).toString().replace('/', '.').replace('\\', '.');
                if (!name.endsWith("package-info.class")) {
                    classes.add(Class.forName(name.substring(0, name.length() - ".class".length())));
                }
            }
        }
        return classes;
    }
}
