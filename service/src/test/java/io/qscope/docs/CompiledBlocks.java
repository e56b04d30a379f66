package io.qscope.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles Java blocks of a page together, as a reader would who copies each into a file. */
final class CompiledBlocks {

    private static final Pattern TYPE =
            Pattern.compile("^(?:public )?(?:final )?(?:class|interface|record|enum) (\\w+)", Pattern.MULTILINE);

    private static final int PATIENCE_SECONDS = 60;
    private static final int FIRST_JDK_THAT_RESTRICTS_NATIVE_CODE = 24;

    private CompiledBlocks() {}

    /** Compiles the blocks into the folder, on the tests' class path; returns the names of their classes. */
    static List<String> compile(List<String> blocks, Path folder) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Source> sources = blocks.stream().map(Source::of).toList();
        List<String> options = List.of(
                "-proc:none",
                "--release",
                "17",
                "-d",
                folder.toString(),
                "-classpath",
                System.getProperty("java.class.path"));
        StringWriter messages = new StringWriter();
        boolean compiled =
                compiler.getTask(messages, null, null, options, null, sources).call();
        assertThat(compiled).as("compiles: %s", messages).isTrue();
        return sources.stream().map(source -> source.type).toList();
    }

    /** What the program prints, warnings of the JVM and of libraries included, in a process and a folder of its own. */
    static String run(String program, Path classes, Path folder) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= FIRST_JDK_THAT_RESTRICTS_NATIVE_CODE) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.add("-classpath");
        command.add(classes + System.getProperty("path.separator") + System.getProperty("java.class.path"));
        command.add(program);
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("the program ends")
                    .isTrue();
            String printed = Files.readString(output, StandardCharsets.UTF_8).replace("\r\n", "\n");
            assertThat(process.exitValue()).as(printed).isZero();
            return printed;
        } finally {
            process.destroyForcibly();
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String type;
        private final String text;

        private Source(String type, String text) {
            super(URI.create("string:///" + type + JavaFileObject.Kind.SOURCE.extension), Kind.SOURCE);
            this.type = type;
            this.text = text;
        }

        static Source of(String block) {
            Matcher type = TYPE.matcher(block);
            assertThat(type.find()).as("a type in the block: %s", block).isTrue();
            return new Source(type.group(1), block);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
