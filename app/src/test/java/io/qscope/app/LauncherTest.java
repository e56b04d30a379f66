package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code qscope}, in a copy of the project's layout whose Maven is a script that hands out a ready jar. */
final class LauncherTest {

    private static final List<String> TOOLS =
            List.of("bash", "cat", "cp", "dirname", "find", "head", "mkdir", "mv", "readlink", "rm", "sed", "sleep");

    private static final String HAND_OUT = """
            echo "$*" >>mvn-runs
            module=app
            case "$*" in *'-pl bench '*) module=bench ;; esac
            mkdir -p $module/target
            cp ../ready.jar $module/target/qscope-$module.jar
            """;

    @TempDir
    private Path folder;

    private Path root;
    private Path tools;
    private Path script;

    @BeforeEach
    void layOut() throws IOException {
        root = Files.createDirectory(folder.resolve("a project"));
        tools = Files.createDirectory(folder.resolve("bin"));
        script = root.resolve("qscope");
        Files.copy(Path.of("..", "qscope"), script, StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(root.resolve("core/src/main/java"));
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Files.writeString(root.resolve("core/pom.xml"), "<project/>");
        for (String tool : TOOLS) {
            Files.createSymbolicLink(tools.resolve(tool), which(tool));
        }
        writeEchoJar(folder.resolve("ready.jar"));
    }

    /** The folder's clean-up warns of links that lead out of it. */
    @AfterEach
    void removeLinks() throws IOException {
        try (Stream<Path> links = Files.list(tools)) {
            for (Path link : links.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    @Test
    void isSoundBash() {
        assertThat(Finished.run(new ProcessBuilder("bash", "-n", script.toString())))
                .isEqualTo(new Finished(0, "", ""));
    }

    @Test
    void saysThatJavaIsMissing() {
        Finished refused = launch(Map.of("PATH", "/nonexistent"));

        refused.failedInOneLine(69, "a JDK from 17 on is needed", "no java on the PATH");
    }

    @Test
    void saysThatJavaHomeHoldsNone() {
        launch(Map.of("JAVA_HOME", folder.toString())).failedInOneLine(69, "JAVA_HOME is " + folder, "no bin/java");
    }

    @Test
    void saysThatJavaIsTooOld() throws IOException {
        Path old = Files.createDirectory(folder.resolve("jdk-11"));
        script(Files.createDirectory(old.resolve("bin")).resolve("java"), "exit 99");
        Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");

        launch(Map.of("JAVA_HOME", old.toString())).failedInOneLine(69, "is version 11;");
    }

    @Test
    void saysThatMavenIsMissing() {
        launch(Map.of()).failedInOneLine(69, "building needs Maven from 3.8 on (first use)");
    }

    @Test
    void saysThatTheBuildFailedAndShowsWhatMavenSaid() throws IOException {
        maven("echo 'no such artifact'; exit 1");

        Finished refused = launch(Map.of());

        assertThat(refused.code()).isEqualTo(70);
        assertThat(refused.err()).contains("Building qscope", "no such artifact", "target/qscope/build.log");
    }

    @Test
    void buildsOnceAndPassesArgumentsAndExitCodeOn() throws IOException {
        maven(HAND_OUT);

        Finished first = launch(Map.of(), "7", "two words", "*");
        Finished second = launch(Map.of(), "0");

        assertThat(first.code()).isEqualTo(7);
        assertThat(first.out()).isEqualTo("7|two words|*|\n");
        assertThat(first.err())
                .startsWith("Building qscope (first use; needs JDK 17+ and Maven) ...\n")
                .contains("downloads libraries the first time", "target/qscope/build.log")
                .hasLineCount(2);
        assertThat(second).isEqualTo(new Finished(0, "0|\n", ""));
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void runsThroughALinkFromAnotherFolder() throws IOException {
        maven(HAND_OUT);
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a project", "qscope"));

        Finished ran = Finished.run(process(link, Map.of(), "0").directory(tools.toFile()));

        assertThat(ran.code()).as("%s", ran).isZero();
    }

    @Test
    void buildsAgainWhenASourceOrAPomIsNewer() throws IOException {
        maven(HAND_OUT);
        launch(Map.of(), "0");
        Path source = root.resolve("core/src/main/java/New.java");

        Files.writeString(source, "class New {}");
        newer(source);
        Finished again = launch(Map.of(), "0");
        assertThat(again.err()).contains("(sources changed;");
        assertThat(builds()).isEqualTo(2);

        newer(root.resolve("core/pom.xml"));
        launch(Map.of(), "0");
        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void buildsAgainWhenASourceIsGone() throws IOException {
        Path source = Files.writeString(root.resolve("core/src/main/java/Old.java"), "class Old {}");
        maven(HAND_OUT);
        launch(Map.of(), "0");

        Files.delete(source);

        assertThat(launch(Map.of(), "0").err()).contains("(sources changed;");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void doesNotBuildForWhatTheCommandDoesNotHold() throws IOException {
        maven(HAND_OUT);
        launch(Map.of(), "0");
        Path source =
                Files.createDirectories(root.resolve("bench/src/main/java")).resolve("New.java");

        Files.writeString(source, "class New {}");
        newer(source);

        assertThat(launch(Map.of(), "0").err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void runsTheBenchmarkFromAJarOfItsOwn() throws IOException {
        maven(HAND_OUT);
        launch(Map.of(), "0");
        Path source =
                Files.createDirectories(root.resolve("bench/src/main/java")).resolve("New.java");

        Finished first = launch(Map.of(), "bench", "7", "--rows", "1");
        Files.writeString(source, "class New {}");
        newer(source);
        Finished again = launch(Map.of(), "bench", "0");

        assertThat(first.code()).isEqualTo(7);
        assertThat(first.out()).isEqualTo("7|--rows|1|\n");
        assertThat(first.err()).contains("(first use;");
        assertThat(again.err()).contains("(sources changed;");
        assertThat(launch(Map.of(), "0").err()).isEmpty();
        assertThat(Files.readAllLines(root.resolve("mvn-runs")))
                .satisfiesExactly(
                        run -> assertThat(run).contains("-pl app "),
                        run -> assertThat(run).contains("-pl bench "),
                        run -> assertThat(run).contains("-pl bench "));
    }

    @Test
    void asksTheBenchmarkForItsHelp() throws IOException {
        maven(HAND_OUT);

        assertThat(launch(Map.of(), "help", "bench").err())
                .contains("NumberFormatException: For input string: \"--help\"");
        assertThat(root.resolve("bench/target/qscope-bench.jar")).exists();
    }

    @Test
    void saysThatTheCheckoutMayNotBeWritten() throws IOException {
        maven(HAND_OUT);
        launch(Map.of(), "0");
        newer(root.resolve("pom.xml"));
        // A file in the folder's place stops root, too.
        Path state = root.resolve("target/qscope");
        try (Stream<Path> notes = Files.list(state)) {
            for (Path note : notes.toList()) {
                Files.delete(note);
            }
        }
        Files.delete(state);
        Files.createFile(state);

        launch(Map.of(), "0").failedInOneLine(70, "a build is needed (sources changed)", state + " may not be written");
    }

    @Test
    void saysThatTheJavaOfJavaHomeIsNoJdk() throws IOException {
        maven(HAND_OUT);
        script(tools.resolve("javac"), "exit 99");
        Path runtime = Files.createDirectory(folder.resolve("runtime"));
        script(Files.createDirectory(runtime.resolve("bin")).resolve("java"), "exit 99");
        Files.writeString(runtime.resolve("release"), "JAVA_VERSION=\"17.0.2\"\n");

        launch(Map.of("JAVA_HOME", runtime.toString())).failedInOneLine(69, "building needs a JDK", "set JAVA_HOME");
    }

    @Test
    void tellsTheCommandWhatTheUserCalled() throws IOException {
        maven(HAND_OUT);
        Path link = Files.createSymbolicLink(tools.resolve("qscope"), script);

        assertThat(launch(Map.of(), "0", "its name").out()).isEqualTo("0|" + script + "|\n");
        assertThat(Finished.run(process(link, Map.of(), "0", "its name")).out()).isEqualTo("0|qscope|\n");
        ProcessBuilder beside = process(Path.of("qscope"), Map.of("CDPATH", folder.toString()), "0", "its name");
        assertThat(Finished.run(beside.directory(root.toFile())).out()).isEqualTo("0|./qscope|\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoFirstUsesOneBuilds(boolean withFlock) throws IOException, InterruptedException {
        if (withFlock && Files.exists(Path.of("/usr/bin/flock"))) {
            Files.createSymbolicLink(tools.resolve("flock"), Path.of("/usr/bin/flock"));
        }
        Path go = folder.resolve("go");
        maven("while ! [ -f '" + go + "' ]; do sleep 0.05; done\n" + HAND_OUT);

        Process builder = process(script, Map.of(), "0").start();
        try (BufferedReader builderSays = builder.errorReader()) {
            assertThat(builderSays.readLine()).startsWith("Building qscope");
            Process waiter = process(script, Map.of(), "0").start();
            try (BufferedReader waiterSays = waiter.errorReader()) {
                assertThat(waiterSays.readLine()).startsWith("Another qscope is building");
                Files.createFile(go);
                assertThat(builder.waitFor()).isZero();
                assertThat(waiter.waitFor()).isZero();
            } finally {
                waiter.destroyForcibly();
            }
        } finally {
            builder.destroyForcibly();
        }
        assertThat(builds()).isEqualTo(1);
        assertThat(root.resolve("target/qscope/lock.d")).doesNotExist();
    }

    @Test
    void takesOverTheLockOfABuildThatDied() throws IOException, InterruptedException {
        maven(HAND_OUT);
        Process dead = new ProcessBuilder("bash", "-c", "exit 0").start();
        dead.waitFor();
        Path lock = Files.createDirectories(root.resolve("target/qscope/lock.d"));
        Files.writeString(lock.resolve("pid"), dead.pid() + "\n");

        assertThat(launch(Map.of(), "0").code()).isZero();
    }

    /** What the copy runs instead of the command. */
    public static final class Echo {

        private Echo() {}

        @SuppressWarnings("SystemOut")
        public static void main(String... arguments) {
            StringBuilder line = new StringBuilder();
            for (String argument : arguments) {
                line.append(argument.equals("its name") ? System.getenv("QSCOPE_COMMAND") : argument)
                        .append('|');
            }
            System.out.println(line);
            System.exit(Integer.parseInt(arguments[0]));
        }
    }

    private Finished launch(Map<String, String> environment, String... arguments) {
        return Finished.run(process(script, environment, arguments));
    }

    private ProcessBuilder process(Path launcher, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(which("bash").toString(), launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command).directory(folder.toFile());
        process.environment().clear();
        process.environment().put("PATH", tools.toString());
        if (!environment.containsKey("PATH")) {
            process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        }
        process.environment().putAll(environment);
        return process;
    }

    private void maven(String body) throws IOException {
        script(tools.resolve("mvn"), body);
    }

    private int builds() throws IOException {
        return Files.readAllLines(root.resolve("mvn-runs")).size();
    }

    /** Makes a file a moment newer than what was built, however coarse the file system's clock is. */
    private void newer(Path file) throws IOException {
        FileTime jar = Files.getLastModifiedTime(root.resolve("app/target/qscope-app.jar"));
        Files.setLastModifiedTime(root.resolve("target/qscope/built"), jar);
        Files.setLastModifiedTime(file, FileTime.fromMillis(jar.toMillis() + 1));
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!" + which("bash") + "\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static Path which(String tool) {
        for (String place : Objects.requireNonNull(System.getenv("PATH")).split(":", -1)) {
            Path file = Path.of(place, tool);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        throw new IllegalStateException(tool + " is not on the PATH");
    }

    private static void writeEchoJar(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Echo.class.getName());
        String path = Echo.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream bytes = Objects.requireNonNull(LauncherTest.class.getResourceAsStream("/" + path))) {
            out.putNextEntry(new ZipEntry(path));
            bytes.transferTo(out);
        }
    }
}
