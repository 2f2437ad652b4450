; The Windows installer, made by Inno Setup 6 from dist\heteroagg:
;     iscc /DVersion=0.1.0 packaging\windows\heteroagg.iss
; Needs no administrator; opens sessions (.heteroagg), offers the program for opening micrographs
; and takes over no other file type.

#ifndef Version
  #error Give the version: iscc /DVersion=0.1.0 packaging\windows\heteroagg.iss
#endif
#define ModelId "heteroagg.heteroagg-gui"
#define SessionId "heteroagg.session"

[Setup]
AppId={{6E0E3B57-3B7C-4D5B-9B0E-6F2C64D1A9F4}
AppName=Heteroagg
AppVersion={#Version}
AppPublisher=heteroagg
VersionInfoVersion={#Version}
DefaultDirName={autopf}\Heteroagg
DefaultGroupName=Heteroagg
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0
SourceDir=..\..
LicenseFile=LICENSE
SetupIconFile=build\made\heteroagg.ico
UninstallDisplayIcon={app}\heteroagg-gui.exe
OutputDir=dist
OutputBaseFilename=heteroagg-{#Version}-windows-setup
Compression=lzma2/normal
SolidCompression=yes
LZMANumBlockThreads=4
WizardStyle=modern
ChangesAssociations=yes
CloseApplications=yes

[Tasks]
Name: desktopicon; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; Files of an older version would be imported beside the new ones.
Type: filesandordirs; Name: "{app}\internal"

[Files]
Source: "dist\heteroagg\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion
Source: "build\made\session-file.ico"; DestDir: "{app}"; Flags: ignoreversion

[Icons]
Name: "{autoprograms}\Heteroagg"; Filename: "{app}\heteroagg-gui.exe"; AppUserModelID: "{#ModelId}"
Name: "{autodesktop}\Heteroagg"; Filename: "{app}\heteroagg-gui.exe"; AppUserModelID: "{#ModelId}"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\Applications\heteroagg-gui.exe"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\heteroagg-gui.exe"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "Heteroagg"
Root: HKA; Subkey: "Software\Classes\Applications\heteroagg-gui.exe"; ValueType: string; ValueName: "AppUserModelID"; ValueData: "{#ModelId}"
Root: HKA; Subkey: "Software\Classes\Applications\heteroagg-gui.exe\shell\open\command"; ValueType: string; ValueData: """{app}\heteroagg-gui.exe"" ""%1"""
#define Types "Software\Classes\Applications\heteroagg-gui.exe\SupportedTypes"
Root: HKA; Subkey: "{#Types}"; ValueType: string; ValueName: ".tif"; ValueData: ""
Root: HKA; Subkey: "{#Types}"; ValueType: string; ValueName: ".tiff"; ValueData: ""
Root: HKA; Subkey: "{#Types}"; ValueType: string; ValueName: ".dm3"; ValueData: ""
Root: HKA; Subkey: "{#Types}"; ValueType: string; ValueName: ".dm4"; ValueData: ""
Root: HKA; Subkey: "{#Types}"; ValueType: string; ValueName: ".emd"; ValueData: ""
Root: HKA; Subkey: "{#Types}"; ValueType: string; ValueName: ".ser"; ValueData: ""
Root: HKA; Subkey: "{#Types}"; ValueType: string; ValueName: ".mrc"; ValueData: ""
Root: HKA; Subkey: "{#Types}"; ValueType: string; ValueName: ".png"; ValueData: ""
Root: HKA; Subkey: "{#Types}"; ValueType: string; ValueName: ".jpg"; ValueData: ""
Root: HKA; Subkey: "{#Types}"; ValueType: string; ValueName: ".bmp"; ValueData: ""

Root: HKA; Subkey: "{#Types}"; ValueType: string; ValueName: ".heteroagg"; ValueData: ""
; Sessions: a kind of file of its own, named by its ending, opened by a double click.
Root: HKA; Subkey: "Software\Classes\.heteroagg"; ValueType: string; ValueName: ""; ValueData: "{#SessionId}"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\.heteroagg"; ValueType: string; ValueName: "Content Type"; ValueData: "application/x-heteroagg-session"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\.heteroagg\OpenWithProgids"; ValueType: string; ValueName: "{#SessionId}"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\{#SessionId}"; ValueType: string; ValueName: ""; ValueData: "Heteroagg session"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\{#SessionId}"; ValueType: string; ValueName: "AppUserModelID"; ValueData: "{#ModelId}"
Root: HKA; Subkey: "Software\Classes\{#SessionId}\DefaultIcon"; ValueType: string; ValueName: ""; ValueData: "{app}\session-file.ico,0"
Root: HKA; Subkey: "Software\Classes\{#SessionId}\shell\open\command"; ValueType: string; ValueName: ""; ValueData: """{app}\heteroagg-gui.exe"" ""%1"""

[Run]
Filename: "{app}\heteroagg-gui.exe"; Description: "{cm:LaunchProgram,Heteroagg}"; Flags: nowait postinstall skipifsilent
