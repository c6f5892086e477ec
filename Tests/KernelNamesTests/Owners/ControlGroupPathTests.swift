import DropModel
import Testing

@testable import KernelNames

/// What a control group's path tells.
struct ControlGroupPathTests {
  private static let id = String(repeating: "0123456789abcdef", count: 4)

  @Test(
    arguments: [
      ("/", nil), ("/system.slice/nginx.service", "nginx.service"),
      ("/system.slice", "system.slice"),
      ("/user.slice/user-1000.slice/user@1000.service/app.slice/app-foot.scope", "app-foot.scope"),
      ("/user.slice/user-1000.slice/session-3.scope", "session-3.scope"),
      ("/system.slice/nginx.service/workers", "nginx.service"), ("/lab", nil),
    ] as [(String, String?)])
  func `a unit is the innermost service, scope or slice`(path: String, unit: String?) {
    #expect(ControlGroupPath(path).unit == unit)
  }

  @Test(
    arguments: [
      ("/system.slice/docker-\(id).scope", id, "docker"), ("/docker/\(id)", id, "docker"),
      ("/machine.slice/libpod-\(id).scope/container", id, "podman"),
      ("/kubepods.slice/kubepods-burstable.slice/crio-\(id).scope", id, "cri-o"),
      ("/kubepods.slice/kubepods-pod1.slice/cri-containerd-\(id).scope", id, "containerd"),
      ("/kubepods/besteffort/pod0b5c/\(id)", id, nil),
      ("/lxc.payload.web/init.scope", "web", "lxc"),
      ("/machine.slice/systemd-nspawn@web.service/payload", "web", "nspawn"),
      ("/system.slice/other-\(id).scope", id, nil),
      ("/machine.slice/machine-debian\\x2d12.scope", "debian-12", "nspawn"),
    ] as [(String, String, String?)])
  func `a container is known by how its runtime calls its group`(
    path: String, id: String, runtime: String?
  ) {
    #expect(ControlGroupPath(path).container == Container(id: id, runtime: runtime))
  }

  @Test(arguments: [
    "/", "/docker", "/docker/0123", "/system.slice/docker.service", "/docker-.scope",
  ])
  func `what only looks like a container is none`(path: String) {
    #expect(ControlGroupPath(path).container == nil)
  }
}
