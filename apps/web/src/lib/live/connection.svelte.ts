/** Whether this page hears what happens. Quietly told at the top of a page; what is known stays on the screen. */
class Connection {
  connected = $state(true);
  lastHeard = $state(new Date());

  heard(): void {
    this.connected = true;
    this.lastHeard = new Date();
  }

  lost(): void {
    this.connected = false;
  }
}

export const connection = new Connection();
