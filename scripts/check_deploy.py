"""What scripts/check-deploy asks of the files in deploy/ beyond what their makers' tools check.

    check_deploy.py kubernetes FILE   a rendered chart: Kubernetes' schemas, and that its parts find each other
    check_deploy.py variables         every FILMPRESS_ variable is documented
    check_deploy.py together          Dockerfile, compose.yaml and chart agree
"""

import pathlib
import re
import sys

import yaml

problems = []


def want(holds, text):
    if not holds:
        problems.append(text)


def kubernetes(file):
    import kubernetes_validate

    objects = [it for it in yaml.safe_load_all(pathlib.Path(file).read_text()) if it]
    by_kind = {}
    for it in objects:
        by_kind.setdefault(it["kind"], {})[it["metadata"]["name"]] = it
        if it["kind"] in ("ScaledObject", "ServiceMonitor"):
            continue  # their schemas come with KEDA and the Prometheus operator
        try:
            kubernetes_validate.validate(it, "1.34", strict=True)
        except kubernetes_validate.ValidationError as error:
            want(False, f"{it['kind']} {it['metadata']['name']}: {error.message}")

    deployments = by_kind["Deployment"]
    pods = [it["spec"]["template"] for it in deployments.values()]
    for name, it in deployments.items():
        chosen = it["spec"]["selector"]["matchLabels"]
        pod = it["spec"]["template"]
        want(chosen.items() <= pod["metadata"]["labels"].items(), f"{name} does not choose its own pods")
        spec = pod["spec"]
        want(spec["securityContext"]["runAsNonRoot"] is True, f"{name} may run as root")
        volumes = {volume["name"] for volume in spec["volumes"]}
        for container in spec["containers"]:
            mounted = {mount["name"] for mount in container["volumeMounts"]}
            want(mounted == volumes, f"{name}: volumes {volumes}, mounted {mounted}")
            want(container["securityContext"]["readOnlyRootFilesystem"], f"{name} may write to its image")
            for source in container["envFrom"]:
                config = source["configMapRef"]["name"]
                want(config in by_kind["ConfigMap"], f"{name}: no ConfigMap {config}")
    server = next(it for name, it in deployments.items() if name.endswith("-server"))["spec"]["template"]["spec"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        want(probe in server["containers"][0], f"the server has no {probe}")
    worker = next(it for name, it in deployments.items() if name.endswith("-worker"))
    config = next(it for name, it in by_kind["ConfigMap"].items() if name.endswith("-worker"))["data"]
    grace = worker["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    want(grace > int(config["FILMPRESS_DRAIN_SECONDS"]), "workers are killed before they have drained")

    def finds_pods(chosen):
        return any(chosen.items() <= pod["metadata"]["labels"].items() for pod in pods)

    for name, it in by_kind["Service"].items():
        want(finds_pods(it["spec"]["selector"]), f"Service {name} finds no pods")
        ports = [port["name"] for pod in pods for it in pod["spec"]["containers"] for port in it.get("ports", [])]
        want(all(port["targetPort"] in ports for port in it["spec"]["ports"]), f"Service {name}: no such port")
    url = config["FILMPRESS_SERVER"].removeprefix("http://").split(":")
    service = by_kind["Service"].get(url[0])
    want(service and service["spec"]["ports"][0]["port"] == int(url[1]), f"workers ask {url}: no such Service")
    for kind in ("PodDisruptionBudget", "NetworkPolicy", "ServiceMonitor"):
        for name, it in by_kind.get(kind, {}).items():
            spec = it["spec"]
            chosen = (spec.get("selector") or spec.get("podSelector"))["matchLabels"]
            want(finds_pods(chosen), f"{kind} {name} finds no pods")
    for name, it in by_kind.get("Ingress", {}).items():
        for path in it["spec"]["rules"][0]["http"]["paths"]:
            service = path["backend"]["service"]
            want(service["name"] in by_kind["Service"], f"Ingress {name}: no Service {service['name']}")
    for name, it in by_kind.get("ScaledObject", {}).items():
        spec = it["spec"]
        target = spec["scaleTargetRef"]["name"]
        want(target in deployments, f"ScaledObject {name}: no Deployment {target}")
        want("replicas" not in deployments[target]["spec"], f"Deployment {target} sets what KEDA sets")
        want(0 <= spec["minReplicaCount"] <= spec["maxReplicaCount"], f"ScaledObject {name}: more at least than at most")
        for trigger in spec["triggers"]:
            metadata = trigger["metadata"]
            want(all(isinstance(value, str) for value in metadata.values()), f"ScaledObject {name}: KEDA wants strings")
            want({"serverAddress", "query", "threshold"} <= metadata.keys(), f"ScaledObject {name}: says too little")


def variables():
    page = pathlib.Path("docs/operations.md").read_text()
    documented = set(re.findall(r"FILMPRESS_[A-Z0-9_]+", page))
    # What is secret can be given as a file.
    documented |= {f"{name}_FILE" for name in re.findall(r"\*secret\* \| `(FILMPRESS_[A-Z0-9_]+)`", page)}
    files = [pathlib.Path("compose.yaml"), *pathlib.Path("deploy").rglob("*")]
    # What compose.yaml itself reads, not the program.
    own = {"FILMPRESS_PORT"}
    for file in files:
        if file.is_file() and "secrets" not in file.parts:
            for name in sorted(set(re.findall(r"FILMPRESS_[A-Z0-9_]+", file.read_text())) - documented - own):
                want(False, f"{file}: docs/operations.md does not know {name}")


def together():
    compose = yaml.safe_load(pathlib.Path("compose.yaml").read_text())
    docker = pathlib.Path("deploy/Dockerfile").read_text()
    values = yaml.safe_load(pathlib.Path("deploy/helm/filmpress/values.yaml").read_text())
    cargo = pathlib.Path("Cargo.toml").read_text()
    chart = yaml.safe_load(pathlib.Path("deploy/helm/filmpress/Chart.yaml").read_text())
    version = re.search(r'^version = "(.+)"', cargo, re.M).group(1)
    want(chart["appVersion"] == version, f"Chart.yaml: appVersion {chart['appVersion']}, Cargo.toml: {version}")
    port = re.search(r"^EXPOSE (\d+)", docker, re.M).group(1)
    want(f"0.0.0.0:{port}" in docker, "Dockerfile: EXPOSE is not where the server listens")
    want(f"127.0.0.1:{port}/healthz" in docker, "Dockerfile: HEALTHCHECK asks another port")
    services = compose["services"]
    want(services["server"]["ports"][0].endswith(f":{port}"), "compose.yaml: another port")
    want(services["worker"]["environment"]["FILMPRESS_SERVER"].endswith(f":{port}"), "compose.yaml: workers ask elsewhere")
    want(values["service"]["port"] == int(port), "values.yaml: another port")
    user = re.search(r"^USER (\d+):", docker, re.M).group(1)
    names = pathlib.Path("deploy/helm/filmpress/templates/_names.tpl").read_text()
    want(f"runAsUser: {user}" in names, "the chart runs as another user than the image")
    for name, service in services.items():
        for secret in service.get("secrets", []):
            want(secret in compose["secrets"], f"compose.yaml: {name} wants the secret {secret}")
        for volume in service.get("volumes", []):
            source, colon, _ = volume.partition(":")
            want(not colon or source in compose["volumes"], f"compose.yaml: {name} wants the volume {source}")
        for other, how in service.get("depends_on", {}).items():
            want(other in services, f"compose.yaml: {name} waits for {other}")
            if how["condition"] == "service_healthy" and other != "server":
                want("healthcheck" in services[other], f"compose.yaml: {other} cannot be healthy")
        variables = service.get("environment", {})
        for variable, value in variables.items():
            if str(value).startswith("/run/secrets/"):
                want(value.removeprefix("/run/secrets/") in service["secrets"], f"compose.yaml: {name} is not given {value}")
    made = pathlib.Path("deploy/make-secrets").read_text()
    for secret in compose["secrets"]:
        want(secret == "worker_token" or f"keep {secret}" in made, f"deploy/make-secrets does not make {secret}")
    toolchain = re.search(r"^FROM rust:(\d+\.\d+)", docker, re.M).group(1)
    wanted = re.search(r'^rust-version = "(\d+\.\d+)', cargo, re.M).group(1)
    want(tuple(map(int, toolchain.split("."))) >= tuple(map(int, wanted.split("."))), "Dockerfile: Rust is too old")


checks = {"kubernetes": kubernetes, "variables": variables, "together": together}
checks[sys.argv[1]](*sys.argv[2:])
for problem in problems:
    print(problem)
sys.exit(1 if problems else 0)
